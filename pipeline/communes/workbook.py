"""The report of the communes as a workbook: who has sent what, and the documents that could not be placed."""

from __future__ import annotations

from typing import IO

from pipeline.communes.report import WORDS, CommuneLine, Report, Sent
from pipeline.compare.sheets import Book, Lines, fill

COLOURS = {Sent.NONE: "F4B084", Sent.OLD: "F8CBAD", Sent.DRAFT: "FFE699", Sent.UNDATED: "D9D2E9", Sent.PLAN: "A9D08E"}
HEADS = ("STT", "Xã, phường, đặc khu", "Tình trạng", "Văn bản", "Ghi chú")
WIDTHS = (6.0, 30.0, 24.0, 80.0, 60.0)


def write_communes_xlsx(report: Report, stream: IO[bytes]) -> None:
    """Write the workbook of a report."""
    with Book(stream) as book:
        lines = Lines(book, book.sheet(f"Kế hoạch năm {report.year}"), HEADS, WIDTHS, WIDTHS[3])
        for number, one in enumerate(report.lines, 1):
            lines.add((float(number), *commune_cells(one)), {2: fill(COLOURS[one.sent])})
        lines.filtered()
        _summary(book, report)
        _astray(book, report)


def commune_cells(one: CommuneLine) -> tuple[str, str, str, str]:
    """The commune, what it has sent, its documents, and what to look at, in words."""
    notes = [f"Ban hành bởi {sheet.former}." for sheet in one.sheets if sheet.former]
    notes += [sheet.reason for sheet in one.sheets if sheet.reason]
    return one.name, WORDS[one.sent], "\n".join(sheet.name for sheet in one.sheets), "\n".join(dict.fromkeys(notes))


def _summary(book: Book, report: Report) -> None:
    lines = Lines(book, book.sheet("Tổng hợp"), ("Tình trạng", "Số xã, phường, đặc khu"), (40.0, 24.0), 40.0)
    for sent, count in report.counts().items():
        lines.add((WORDS[sent], float(count)))
    lines.add((report.province, float(len(report.lines))))


def _astray(book: Book, report: Report) -> None:
    lines = Lines(book, book.sheet("Chưa xếp được"), ("Văn bản", "Lý do", "Tệp"), (70.0, 60.0, 60.0), 70.0)
    for name, why, files in report.astray:
        lines.add((name, why, "\n".join(files)))
