"""A document keeps its lines, tables and places."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizers.restore import Restorer
from normalizers.restore.alphabet import bare
from normalizers.restore.document import paragraph_starts
from normalizers.restore.evidence import replayed
from schemas.restored import Damage
from schemas.source import Block, Cell, Line, RawDocument, SourceFile, Table

_LINES = [
    "KẾ HOẠCH",
    "Tuyên truyền cải cách hành chính năm 2025",
    "1. Văn phòng Ủy ban nhân dân chủ trì, phối hợp với các phòng chuyên môn",
    "tổ chức thực hiện, báo cáo trước ngày 20/11/2025.",
]
_CELLS = ["Nội dung công việc", "Đơn vị chủ trì", "Xây dựng kế hoạch kiểm tra", "Phòng Nội vụ"]


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer.load()


def _document(lines: list[str], cells: list[str]) -> RawDocument:
    place = 0
    made: list[Line] = []
    for text in [*lines, *cells]:
        made.append(Line(text, start=place, page=1))
        place += len(text) + 1
    table = Table(
        tuple(Cell(n // 2, n % 2, (line,)) for n, line in enumerate(made[len(lines) :])), n_rows=2, n_cols=2
    )
    blocks: tuple[Block, ...] = (*made[: len(lines)], table)
    source = SourceFile(Path("a.txt"), "a.txt", "0" * 64, 1)
    return RawDocument(source, "test", blocks, "\n".join([*lines, *cells]))


def test_a_good_document_is_the_same_objects(restorer: Restorer) -> None:
    raw = _document(_LINES, _CELLS)
    restored = restorer.restore_document(raw)
    assert restored.damage is Damage.NONE
    assert all(new is old for new, old in zip(restored.blocks, raw.blocks, strict=True))


def test_lines_and_cells_keep_place_original_and_edits(restorer: Restorer) -> None:
    raw = _document([bare(line) for line in _LINES], [bare(cell) for cell in _CELLS])
    restored = restorer.restore_document(raw)
    assert restored.damage is Damage.STRIPPED
    assert [line.text for line in restored.lines] == _LINES + _CELLS
    for line, before in zip(restored.lines, raw.lines, strict=True):
        assert (line.start, line.end, line.page) == (before.start, before.end, before.page)
        assert line.source_text == before.text
        assert replayed(line.source_text, line.edits) == line.text
        assert all(0 < edit.score <= 1 and edit.reason for edit in line.edits)


def test_an_empty_document(restorer: Restorer) -> None:
    raw = _document([], ["", "", "", ""])
    assert restorer.restore_document(raw).blocks == raw.blocks


def test_a_gap_before_a_small_letter_does_not_begin_a_paragraph() -> None:
    lines = [
        Line("Chinh quyen than thien", 0),
        Line("cong dan", 24, blank_before=1),
        Line("Muc tieu", 34, blank_before=1),
    ]
    raw = RawDocument(SourceFile(Path("a.txt"), "a.txt", "0" * 64, 1), "test", tuple(lines), "")
    assert list(paragraph_starts(raw)) == [False, False, True]
