"""The words of the desk for what the database names in its own way; the one place to say it otherwise."""

from __future__ import annotations

from schemas.task import LeadBasis

BASIS = {
    LeadBasis.EXPLICIT: "nêu ngay trong câu",
    LeadBasis.ASSIGNMENT: "dòng phân công",
    LeadBasis.HEADING: "đề mục ở trên",
    LeadBasis.ISSUER: "cơ quan ban hành (không ai khác được nêu)",
}
STATES = {
    "waiting": "Đang chờ",
    "running": "Đang đọc",
    "retry": "Sẽ thử lại",
    "done": "Đã đọc",
    "done_with_warnings": "Đã đọc, có lưu ý",
    "refused": "Không đọc được",
    "rejected": "Không đọc được",
    "ignored": "Bỏ qua",
}
ACTIONS = {
    "dang_nhap": "Đăng nhập",
    "dang_xuat": "Đăng xuất",
    "sai_mat_khau": "Sai mật khẩu",
    "doi_mat_khau": "Đổi mật khẩu",
    "them_nguoi": "Thêm người dùng",
    "khoa_nguoi": "Khóa người dùng",
    "cap_khoa": "Cấp khóa cho chương trình",
    "tai_len": "Nộp văn bản",
    "nhap_excel": "Nhận bảng Excel",
}
FIELDS = {
    "text": "Nhiệm vụ",
    "lead": "Cơ quan chủ trì",
    "coordinating": "Cơ quan phối hợp",
    "start": "Ngày bắt đầu",
    "due": "Hạn hoàn thành",
    "deadline_text": "Thời hạn (nguyên văn)",
    "recurrence": "Định kỳ",
    "kind": "Loại",
    "deliverable": "Sản phẩm",
    "monitoring": "Cơ quan theo dõi",
}
"""The fields of a row that a person may correct, in the order of the form."""
