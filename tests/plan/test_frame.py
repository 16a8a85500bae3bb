"""The parts of whole documents: the samples of the repository, tables, noise, and that no block is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.plan.frame import read_frame
from extractors.plan.recipients import person
from extractors.plan.title import plan_years, title_years
from schemas.extraction import document_record
from schemas.plan import PartKind
from schemas.source import BBox, Block, Cell, Line, Noise, Table

GOLD = Path(__file__).parents[1] / "gold"
SAMPLES = Path(__file__).parents[2] / "sample_docs"
SINGLE = (
    "issuer",
    "issuer_level",
    "doc_type",
    "doc_number",
    "issued_date",
    "place",
    "title",
    "signer",
    "signer_title",
)


def lines_of(path: Path) -> tuple[Line, ...]:
    """The printed lines of a sample, its Markdown marks taken off, as a reader of text hands them over."""
    found: list[Line] = []
    blank = 0
    for text in path.read_text("utf-8").replace("**", "").split("\n"):
        if text.strip(" \t\f#"):
            found.append(Line(text.strip(" \t\f#"), blank_before=blank))
            blank = 0
        else:
            blank += 1
    return tuple(found)


def sample(number: str) -> Path:
    found = sorted(SAMPLES.rglob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"sample_docs holds no {number}_*.txt")
    return found[0]


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_metadata_of_the_gold_documents(number: str) -> None:
    gold = json.loads((GOLD / f"{number}.json").read_text("utf-8"))
    header = read_frame(lines_of(sample(number))).header
    dates = [row.get(field) for row in gold["rows"] for field in ("start", "due")]
    found: dict[str, Any] = document_record(header) | {"plan_years": list(plan_years(header.plan_years, dates))}
    expected = gold["document"]
    assert {name: found[name] for name in SINGLE} == {name: expected[name] for name in SINGLE}
    assert found["plan_years"] == expected["plan_years"]
    assert found["recipients"] == expected["recipients"]
    assert found["legal_bases"] == expected["legal_bases"]


def test_text_read_by_a_foreign_ocr_is_framed_by_its_fold() -> None:
    frame = read_frame(lines_of(sample("004")))
    kinds = [part.kind for part in frame.parts]
    assert kinds == [PartKind.TITLE, PartKind.BASES, PartKind.BODY, PartKind.CLOSING, PartKind.RECIPIENTS]
    assert frame.header.issuer == "Ủy ban nhân dân phường Nam Triệu"
    assert [basis.number for basis in frame.header.legal_bases] == ["49/KH-UBND"]


def table(*cells: tuple[int, int, str]) -> Table:
    made = tuple(Cell(row, col, tuple(map(Line, text.split("\n")))) for row, col, text in cells)
    return Table(made, max(cell.row for cell in made) + 1, max(cell.col for cell in made) + 1)


LETTERHEAD = table(
    (0, 0, "ỦY BAN NHÂN DÂN\nXÃ LƯƠNG MINH"),
    (0, 1, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
    (1, 0, "Số: 31/KH-UBND"),
    (1, 1, "Lương Minh, ngày 05 tháng 01 năm 2026"),
)
END = table((0, 0, "Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT."), (0, 1, "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nVũ Văn Hải"))
TASKS = table(
    (0, 0, "STT"),
    (0, 1, "Nhiệm vụ"),
    (0, 2, "Cơ quan chủ trì"),
    (1, 0, "1"),
    (1, 1, "Rà soát"),
    (1, 2, "Phòng Kinh tế"),
)


def test_letterhead_and_end_set_in_tables() -> None:
    blocks: tuple[Block, ...] = (
        LETTERHEAD,
        Line("KẾ HOẠCH", paragraph=1, bold=True),
        Line("Cải cách hành chính năm 2026", paragraph=2),
        Line("I. NHIỆM VỤ", paragraph=3),
        TASKS,
        Line("Trên đây là Kế hoạch cải cách hành chính năm 2026./.", paragraph=4),
        END,
        Line("PHỤ LỤC", paragraph=5),
        Line("DANH MỤC NHIỆM VỤ", paragraph=6),
        TASKS,
    )
    frame = read_frame(blocks)
    assert [(part.kind, part.first, part.last, part.annex) for part in frame.parts] == [
        (PartKind.LETTERHEAD, 0, 1, None),
        (PartKind.TITLE, 1, 3, None),
        (PartKind.BODY, 3, 5, None),
        (PartKind.CLOSING, 5, 6, None),
        (PartKind.RECIPIENTS, 6, 7, None),
        (PartKind.ANNEX_HEAD, 7, 9, "PL"),
        (PartKind.ANNEX, 9, 10, "PL"),
    ]
    assert frame.header.issuer == "Ủy ban nhân dân xã Lương Minh"
    assert (frame.header.number, frame.header.issued_date) == ("31/KH-UBND", "2026-01-05")
    assert (frame.header.signer, frame.header.signer_title) == ("Vũ Văn Hải", "Chủ tịch")
    assert frame.header.recipients == ("UBND tỉnh", "Lưu: VT")


def test_table_behind_the_signature_is_an_annex_without_head() -> None:
    frame = read_frame((Line("KẾ HOẠCH"), Line("Trồng cây"), Line("1. Trồng cây."), END, TASKS))
    assert [(part.kind, part.annex) for part in frame.parts][-1] == (PartKind.ANNEX, "PL")


def test_noise_belongs_to_the_part_it_stands_in() -> None:
    blocks = (
        Line("KẾ HOẠCH"),
        Line("Trồng cây"),
        Line("1. Trồng cây."),
        Line("Trang 2", noise=Noise.PAGE_NUMBER),
        Line("Trên đây là Kế hoạch trồng cây,"),
        Line("3", noise=Noise.PAGE_NUMBER),
        Line("các đơn vị thực hiện./."),
    )
    parts = read_frame(blocks).parts
    assert [(part.kind, part.first, part.last) for part in parts] == [
        (PartKind.TITLE, 0, 2),
        (PartKind.BODY, 2, 4),
        (PartKind.CLOSING, 4, 7),
    ]


def test_indent_on_the_page_begins_a_paragraph() -> None:
    texts = (
        "KẾ HOẠCH",
        "Trồng cây",
        "1. Trồng cây",
        "theo hướng dẫn đã ban hành của cơ quan chuyên môn cấp trên và xã.",
    )
    closing = (
        "Trong quá trình thực hiện, nếu có vướng mắc,",
        "đề nghị báo cáo.",
        "Trong quá trình thực hiện phải an toàn.",
    )
    left = (250.0, 240.0, 113.0, 85.0, 113.0, 85.0, 85.0)
    lines = tuple(
        Line(text, page=1, bbox=BBox(x0, 20.0 * row, 540, 20.0 * row + 14))
        for row, (text, x0) in enumerate(zip((*texts, *closing), left, strict=True))
    )
    parts = read_frame(lines).parts
    assert [(part.kind, part.first, part.last) for part in parts][1:] == [
        (PartKind.BODY, 2, 4),
        (PartKind.CLOSING, 4, 7),
    ]


def test_mention_of_an_annex_is_no_head() -> None:
    lines = ("KẾ HOẠCH", "Kiểm tra", "1. Thời gian kiểm tra theo", "Phụ lục I kèm theo Kế hoạch này.", "2. Kinh phí.")
    assert [part.kind for part in read_frame(tuple(map(Line, lines))).parts] == [PartKind.TITLE, PartKind.BODY]


def test_empty_document() -> None:
    assert read_frame(()).parts == ()
    assert read_frame((Line(""),)).parts[0].last == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TRƯƠNG TẤN THIỆU", "Trương Tấn Thiệu"),
        ("Đoàn Văn Hậu", "Đoàn Văn Hậu"),
        ("Trung tá Lê Anh", "Lê Anh"),
        ("ThS. Y Thanh Hà Niê Kđăm", "Y Thanh Hà Niê Kđăm"),
        ("BỘ NỘI VỤ", None),
        ("PHÓ CHỦ TỊCH", None),
        ("Các thôn", None),
        ("Lưu: VT", None),
        ("Nguy&n Manh Nghia", None),
    ],
)
def test_name_of_a_person(text: str, name: str | None) -> None:
    assert person(text) == name


def test_title_years() -> None:
    assert title_years("Triển khai Quyết định số 06/QĐ-TTg ngày 02 tháng 01 năm 2025 của Thủ tướng Chính phủ") == ()
    assert title_years("Thực hiện lộ trình đến năm 2028", "2025-11-19") == (2025, 2026, 2027, 2028)
    assert title_years("Thực hiện lộ trình đến năm 2028") == (2028,)
    assert title_years("Nhiệm vụ cuối năm 2025 và năm 2027") == (2025, 2027)
    assert title_years(None) == ()


WORDS = st.sampled_from(
    [
        "KẾ HOẠCH", "QUYẾT ĐỊNH", "QUYẾT ĐỊNH:", "I. MỤC ĐÍCH", "1. Nội dung", "- Rà soát", "Nơi nhận:", "- Lưu: VT.",
        "PHỤ LỤC", "PHỤ LỤC II", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn Tám", "Số: 5/KH-UBND", "Điều 1. Ban hành",
        "Hà Nội, ngày 1 tháng 2 năm 2026", "Căn cứ Luật Đất đai;", "như sau:", "Trên đây là Kế hoạch", "", "* *",
        "của xã",
        "(Kèm theo Kế hoạch số 5/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "UBND XÃ A", "[1] Ghi chú", "|",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=25))
def test_parts_cover_any_document(texts: list[str]) -> None:
    parts = read_frame(tuple(map(Line, texts))).parts
    assert [part.first for part in parts] == [0, *[part.last for part in parts[:-1]]]
    assert parts[-1].last == len(texts)
    assert all(part.first < part.last for part in parts)
