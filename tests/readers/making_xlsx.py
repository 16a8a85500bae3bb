"""An annex as an office types it into a spreadsheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

HEADS = ("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành", "Sản phẩm")
OFFICE, CENTRE, CULTURE = (
    "Văn phòng HĐND và UBND xã",
    "Trung tâm Phục vụ hành chính công xã",
    "Phòng Văn hóa - Xã hội",
)
CLAUSE = "(Kèm theo Kế hoạch số 12/KH-UBND ngày 15/01/2026 của Ủy ban nhân dân xã Hồng Châu)"
TITLE = "DANH MỤC NHIỆM VỤ XÂY DỰNG MÔ HÌNH “CHÍNH QUYỀN THÂN THIỆN” NĂM 2026"
LINES = (
    (1, "Niêm yết danh mục thủ tục hành chính", CENTRE, OFFICE, date(2026, 6, 30), "Bảng niêm yết"),
    (2, "Công khai lịch tiếp công dân", OFFICE, "Các cơ quan, đơn vị liên quan", "Hằng tháng", "Thông báo"),
    (3, "Ban hành quy chế dân chủ", CULTURE, OFFICE, "Quý I/2026", "Quyết định"),
)


def annex(path: Path, clause: str = CLAUSE, letterhead: bool = True) -> Path:
    """The annex, written to `path`: letterhead, title, clause, a table of two groups, a signature."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None

    def put(row: int, col: int, text: str, last: int) -> None:
        cell = sheet.cell(row, col, text)
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
        sheet.merge_cells(start_row=row, start_column=col, end_row=row, end_column=last)

    if letterhead:
        put(1, 1, "ỦY BAN NHÂN DÂN", 3)
        put(1, 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 6)
        put(2, 1, "XÃ HỒNG CHÂU", 3)
        put(2, 4, "Độc lập - Tự do - Hạnh phúc", 6)
        put(4, 1, "PHỤ LỤC", 6)
    put(5, 1, TITLE, 6)
    put(6, 1, clause, 6)
    for col, head in enumerate(HEADS, 1):
        sheet.cell(8, col, head)
    sheet.cell(9, 1, "I")
    put(9, 2, "Chính quyền công khai, minh bạch", 6)
    for row, line in enumerate(LINES, 10):
        for col, value in enumerate(line, 1):
            sheet.cell(row, col, value)
    sheet.cell(13, 1, "II")
    put(13, 2, "Chính quyền thân thiện", 6)
    for col, value in enumerate(
        (1, "Khảo sát sự hài lòng\ncủa người dân", CULTURE, None, "Quý II/2026", "Báo cáo"), 1
    ):
        sheet.cell(14, col, value)
    sheet.cell(15, 3, "Công an xã")
    sheet.merge_cells("A14:A15")
    sheet.merge_cells("B14:B15")
    put(17, 4, "TM. ỦY BAN NHÂN DÂN", 6)
    put(18, 4, "CHỦ TỊCH", 6)
    put(20, 4, "Phạm Quang Hùng", 6)
    book.save(path)
    return path
