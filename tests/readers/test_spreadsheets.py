"""Annexes as spreadsheets: rows by the contract, limits, what is hidden or not computed."""

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from extractors.readers import open_source, read, spreadsheet
from pipeline.kit import load_kit
from pipeline.run import extract_file
from schemas.errors import EncryptedFile, FileTooLarge, PlanError, UnreadableFile, UnsupportedFormat
from schemas.source import Noise, Table
from tests.readers.making_xlsx import CLAUSE, TITLE, annex

OLD = Path(__file__).parent / "data" / "annex.xls"
ROWS = [
    ("PL/I/1", "Niêm yết danh mục thủ tục hành chính", None, "2026-06-30"),
    ("PL/I/2", "Công khai lịch tiếp công dân", None, None),
    ("PL/I/3", "Ban hành quy chế dân chủ", "2026-01-01", "2026-03-31"),
    ("PL/II/1", "Khảo sát sự hài lòng của người dân", "2026-04-01", "2026-06-30"),
]


@pytest.fixture(params=["xlsx", "xls"])
def file(request, tmp_path: Path) -> Path:
    return annex(tmp_path / "phu-luc.xlsx") if request.param == "xlsx" else OLD


def test_an_annex_gives_rows_by_the_contract(file: Path) -> None:
    found = extract_file(file, load_kit())
    assert [(row.path, row.text, row.start, row.due) for row in found.rows] == ROWS
    assert found.rows[1].recurrence == "FREQ=MONTHLY"
    assert found.rows[3].lead == ("Phòng Văn hóa - Xã hội", "Công an xã")
    assert found.rows[0].deliverable == "Bảng niêm yết"
    assert found.accounting["unplaced"] == 0
    header = found.tree.header
    assert (header.issuer, header.doc_type, header.title) == ("Ủy ban nhân dân xã Hồng Châu", "Phụ lục", TITLE)
    assert header.attached_to is not None
    assert (header.attached_to.number, header.attached_to.date) == ("12/KH-UBND", "2026-01-15")


def test_the_letterhead_is_read_column_by_column(file: Path) -> None:
    lines = [line.text for line in read(open_source(file)).lines]
    assert lines[:4] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ HỒNG CHÂU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert lines[-3:] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Phạm Quang Hùng"]


def test_an_annex_without_a_head_is_an_annex_by_its_clause(tmp_path: Path) -> None:
    found = extract_file(annex(tmp_path / "a.xlsx", CLAUSE, letterhead=False), load_kit())
    assert [row.path for row in found.rows] == [path for path, *_ in ROWS]
    assert found.tree.header.issuer == "Ủy ban nhân dân xã Hồng Châu"


def test_what_is_hidden_is_said_and_kept_as_noise(tmp_path: Path) -> None:
    path = annex(tmp_path / "a.xlsx")
    book = load_workbook(path)
    book.active.row_dimensions[11].hidden = True
    book.create_sheet("Nháp")["A1"] = "Bản nháp không in"
    book["Nháp"].sheet_state = "hidden"
    book.save(path)
    document = read(open_source(path))
    hidden = [line.text for line in document.lines if line.noise is Noise.HIDDEN]
    assert "Công khai lịch tiếp công dân" in hidden
    assert len(document.warnings) == 2
    assert len(extract_file(path, load_kit()).rows) == 3


def test_a_formula_without_its_result_is_said(tmp_path: Path) -> None:
    path = annex(tmp_path / "a.xlsx")
    book = load_workbook(path)
    book.active["B10"] = '="Niêm yết " & A10'
    book.save(path)
    assert any("1 ô công thức" in warning for warning in read(open_source(path)).warnings)


def test_several_sheets_come_one_after_the_other(tmp_path: Path) -> None:
    book = Workbook()
    for at, sheet in enumerate((book.active, book.create_sheet("Hai"))):
        for row in ((1, "a", "b"), (2, "c", "d"), (3, "e", "f")):
            sheet.append([*row, f"trang {at + 1}"])
    book.save(tmp_path / "a.xlsx")
    document = read(open_source(tmp_path / "a.xlsx"))
    assert [block.n_rows for block in document.blocks if isinstance(block, Table)] == [3, 3]


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_CELLS", 10)
    for path in (annex(tmp_path / "a.xlsx"), OLD):
        with pytest.raises(FileTooLarge, match="ô"):
            read(open_source(path))


def rewritten(path: Path, part: str, change) -> Path:
    """The archive with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_bombs_and_declarations_are_refused(tmp_path: Path) -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "boom">]>'
    with pytest.raises(UnreadableFile, match="Excel"):
        read(open_source(rewritten(annex(tmp_path / "a.xlsx"), SHEET, lambda data: entity + data)))
    bomb = rewritten(annex(tmp_path / "b.xlsx"), SHEET, lambda data: data + b" " * (101 << 20))
    with pytest.raises(FileTooLarge, match="Excel"):
        read(open_source(bomb))


def test_macros_are_said_and_never_run(tmp_path: Path) -> None:
    path = annex(tmp_path / "a.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open")
    document = read(open_source(path))
    assert document.warnings == (spreadsheet.WITH_MACROS,)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    data = annex(tmp_path / "a.xlsx").read_bytes() if kind == "xlsx" else OLD.read_bytes()
    path = tmp_path / f"b.{kind}"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises((UnreadableFile, UnsupportedFormat)):
        read(open_source(path))


def test_a_locked_workbook_asks_for_its_password(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(spreadsheet.OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    with pytest.raises(EncryptedFile):
        read(open_source(path))


@pytest.mark.parametrize("at", range(0, 8704, 700))
def test_any_changed_byte_is_read_or_refused(tmp_path: Path, at: int) -> None:
    data = bytearray(OLD.read_bytes())
    data[at] ^= 0xFF
    path = tmp_path / "a.xls"
    path.write_bytes(bytes(data))
    with suppress(PlanError):  # anything else would be a traceback
        assert read(open_source(path)).lines
