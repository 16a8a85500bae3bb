"""The words of the desk for what the database names in its own way; the one place to say it otherwise."""

from __future__ import annotations

from pipeline.store.states import WORDS
from schemas.task import LeadBasis

BASIS = {
    LeadBasis.EXPLICIT: "nêu ngay trong câu",
    LeadBasis.ASSIGNMENT: "dòng phân công",
    LeadBasis.HEADING: "đề mục ở trên",
    LeadBasis.ISSUER: "cơ quan ban hành (không ai khác được nêu)",
}
STATES = {str(state): f"{words[:1].upper()}{words[1:]}" for state, words in WORDS.items()}
ACTIONS = {
    "dang_nhap": "Đăng nhập",
    "dang_xuat": "Đăng xuất",
    "sai_mat_khau": "Sai mật khẩu",
    "doi_mat_khau": "Đổi mật khẩu",
    "them_nguoi": "Thêm người dùng",
    "khoa_nguoi": "Khóa người dùng",
    "cap_khoa": "Cấp khóa cho chương trình",
    "tai_len": "Nộp văn bản",
    "phien_ban": "Quyết định phiên bản",
    "phu_luc": "Quyết định phụ lục",
    "nhap_excel": "Nhận bảng Excel",
    "bo_excel": "Bỏ bảng Excel gửi lại",
}
RETURNED = {
    "waiting": "Bảng sửa gửi lại, chờ xem",
    "taken": "Bảng sửa gửi lại, đã nhận",
    "declined": "Bảng sửa gửi lại, đã bỏ",
}
"""How it stands with a corrected workbook that came by the folder."""
