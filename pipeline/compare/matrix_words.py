"""Colours and signs of a cell, and what is said of it: the same on the page, in the workbook and on the screen."""

from __future__ import annotations

from schemas.criteria import DOUBT_WORD, Cell, Status

COLOURS = {"Đáp ứng": "A9D08E", "Một phần": "FFE699", "Thiếu": "F4B084", DOUBT_WORD: "D9D2E9"}
SIGNS = {"Đáp ứng": "Đ", "Một phần": "P", "Thiếu": "–", DOUBT_WORD: "?"}
DECIDED = "✎"
NOTHING_SAID = "không dòng nào nói tới"


def said_of(cell: Cell) -> str:
    """What is missing, differs or is doubtful, and who decided it, as one line; "" where there is nothing to say."""
    said = [*cell.remarks]
    if cell.decided_by:
        said.append(f"{cell.decided_by} quyết định{f': {cell.reason}' if cell.reason else ''}")
    elif cell.reason:
        said.append(cell.reason)
    if not said and cell.status is Status.MISSING:
        said.append(NOTHING_SAID)
    return "; ".join(said)


def sign(cell: Cell) -> str:
    """The cell's one letter, with a pencil where a person decided it."""
    return SIGNS[cell.label] + (DECIDED if cell.decided_by else "")
