"""The matrix as a workbook: colours, evidence, gaps of each commune, weakest criteria, tasks without criterion."""

from __future__ import annotations

from typing import IO

from pipeline.compare.matrix import Matrix, short_name
from pipeline.compare.matrix_grid import Proofs, write_grid
from pipeline.compare.matrix_words import COLOURS, said_of
from pipeline.compare.sheets import PERCENT, Book, Lines, fill
from schemas.criteria import DOUBT_WORD, STATUS_WORDS

EVIDENCE, GAPS = "Minh chứng", "Chỗ còn thiếu"
_FILLS = {word: fill(colour) for word, colour in COLOURS.items()}


def write_matrix_xlsx(matrix: Matrix, stream: IO[bytes]) -> None:
    """Write the workbook of the matrix."""
    with Book(stream) as book:
        sheet = book.sheet("Ma trận")
        proofs: Proofs = {}
        _evidence(book, matrix, proofs)
        _gaps(book, matrix, proofs)
        write_grid(book, sheet, matrix, proofs)
        _weakest(book, matrix)
        _problems(book, matrix)
        _flags(book, matrix)
        _orphans(book, matrix)
        _criteria(book, matrix)


def _evidence(book: Book, matrix: Matrix, proofs: Proofs) -> None:
    heads = ["Xã, phường", "Tiêu chí", "Kết quả", "Khả năng", "Vai trò", "Mục", "Dòng chứng minh", "Mã dòng"]
    lines = Lines(book, book.sheet(EVIDENCE), heads, [24, 9, 11, 9, 11, 16, 80, 28], 80)
    for at, one in enumerate(matrix.comparisons):
        plan = short_name(one.plan)
        for cell in one.cells:
            roles = [("bổ trợ" if row.support else "chứng minh", row) for row in cell.rows]
            for role, row in (*roles, *(("gần đúng", row) for row in cell.candidates)):
                chance = round(row.probability, 2)
                number = lines.add([plan, cell.criterion, cell.label, chance, role, row.path, row.text, row.task_id])
                proofs.setdefault((at, cell.criterion), (EVIDENCE, number))
    lines.filtered()


def _gaps(book: Book, matrix: Matrix, proofs: Proofs) -> None:
    lines = Lines(
        book,
        book.sheet(GAPS),
        ["Xã, phường", "Tiêu chí", "Nội dung", "Kết quả", "Thiếu gì, khác gì"],
        [24, 9, 60, 11, 60],
        60,
    )
    texts = {one.id: one.text for one in matrix.criteria.criteria}
    places = {id(one): at for at, one in enumerate(matrix.comparisons)}
    for one, cell in matrix.gaps():
        plan = short_name(one.plan)
        number = lines.add(
            [plan, cell.criterion, texts[cell.criterion], cell.label, said_of(cell)], {3: _FILLS[cell.label]}
        )
        proofs.setdefault((places[id(one)], cell.criterion), (GAPS, number))
    lines.filtered()


def _weakest(book: Book, matrix: Matrix) -> None:
    heads = ["Tiêu chí", "Nội dung", *STATUS_WORDS.values(), f"Trong đó {DOUBT_WORD.lower()}", "Mức đáp ứng"]
    lines = Lines(book, book.sheet("Tiêu chí yếu"), heads, [9, 70, 10, 10, 10, 10, 12], 70)
    for one in matrix.weakest():
        counts = [one.counts.get(status, 0) for status in STATUS_WORDS]
        lines.add([one.criterion.id, one.criterion.text, *counts, one.doubtful, round(one.share, 3)], {6: PERCENT})


def _problems(book: Book, matrix: Matrix) -> None:
    lines = Lines(book, book.sheet("Chủ trì và thời hạn"), ["Xã, phường", "Tiêu chí", "Vấn đề"], [24, 9, 80], 80)
    for one in matrix.problems():
        lines.add([short_name(one.plan), one.criterion, one.words])
    lines.filtered()


def _flags(book: Book, matrix: Matrix) -> None:
    lines = Lines(
        book,
        book.sheet("Cơ quan không còn"),
        ["Xã, phường", "Mục", "Tên trong kế hoạch", "Vì sao", "Thay bằng"],
        [24, 14, 30, 70, 50],
        50,
    )
    for one, found in zip(matrix.comparisons, matrix.flags or (), strict=False):
        for flag in found:
            lines.add([short_name(one.plan), flag.where, flag.words, flag.reason, flag.successor])


def _orphans(book: Book, matrix: Matrix) -> None:
    lines = Lines(
        book, book.sheet("Việc ngoài tiêu chí"), ["Xã, phường hoặc bộ tiêu chí", "Mục", "Ghi chú"], [30, 20, 80], 80
    )
    for comparison in matrix.comparisons:
        for path in comparison.orphans:
            lines.add([short_name(comparison.plan), path, "việc không thuộc tiêu chí nào (không phải là lỗi)"])
    for criterion in matrix.unmet():
        lines.add([matrix.criteria.id, criterion.id, f"chưa kế hoạch nào có: {criterion.text}"])


def _criteria(book: Book, matrix: Matrix) -> None:
    heads = ["Tiêu chí", "Nội dung", "Nhịp", "Thời hạn", "Cơ quan chủ trì", "Điểm"]
    lines = Lines(book, book.sheet("Tiêu chí"), heads, [9, 90, 16, 12, 40, 8], 90)
    for one in matrix.criteria.criteria:
        points = "" if one.points is None else one.points
        cadence = one.cadence_text or ""
        lines.add([one.id, one.text, cadence, one.due or "", "; ".join(one.expected_lead), points])
    if matrix.criteria.source:
        lines.add(["Nguồn", matrix.criteria.source])
