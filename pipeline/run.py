"""The walk of one document, from its bytes to its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from extractors.plan.parse import parse
from extractors.plan.title import plan_years
from extractors.readers import open_source, read
from pipeline.assigned import spoken_of
from pipeline.kit import Kit
from pipeline.roles import Reading, assign_roles
from pipeline.row_lines import further_places
from pipeline.rows import assemble
from schemas.extraction import Extraction
from schemas.plan import Node, PlanTree, walk
from schemas.progress import advance
from schemas.source import RawDocument, SourceFile


def extract_tasks(source: SourceFile, kit: Kit) -> Extraction:
    """Read one plan and return its text, its tree and its task rows; raises `PlanError` where it is refused."""
    return extract_raw(read(source), kit)


def extract_raw(raw: RawDocument, kit: Kit) -> Extraction:
    """The walk from the lines on: restored, parsed, understood, assembled."""
    advance()
    restored = kit.restorer.restore_document(raw)
    advance()
    tree = parse(restored)
    advance()
    reading = assign_roles(tree.nodes)
    spoken, astray = spoken_of(reading)
    advance()
    rows = assemble(reading, spoken, tree, restored)
    days = [day for row in rows for day in (row.start, row.due) if day]
    tree = replace(tree, header=replace(tree.header, plan_years=plan_years(tree.header.plan_years, days)))
    accounting = account(tree, reading, rows_lines=len(restored.lines))
    warnings = _warnings(raw, tree, astray, bool(rows), accounting)
    return Extraction(raw, restored, tree, rows, accounting, warnings, further_places(reading.nodes, rows))


def extract_file(path: Path, kit: Kit) -> Extraction:
    """`extract_tasks` of a file; raises `PlanError` where it is refused."""
    return extract_tasks(open_source(path), kit)


def account(tree: PlanTree, reading: Reading, rows_lines: int) -> dict[str, int]:
    """How many lines became what; "unplaced" counts those that became nothing, and is 0 unless one was lost.

    A line that holds the end of one item and the beginning of another counts once, for the first.
    """
    names: dict[int, str] = {id(line): name for name, line in reversed(tree.placed)}
    for _, node in walk(reading.nodes):
        for piece in node.slices:
            names.setdefault(id(piece.line), str(node.role))
    counts = Counter(names.values())
    return dict(sorted(counts.items())) | {"lines": rows_lines, "unplaced": len(tree.unplaced)}


def _warnings(
    raw: RawDocument, tree: PlanTree, astray: list[tuple[Node, str]], has_rows: bool, accounting: dict[str, int]
) -> tuple[str, ...]:
    warnings = [*raw.warnings, *tree.doubts]
    warnings += [f"Thông tin văn bản: {doubt}." for doubt in tree.header.doubts]
    warnings += [f"Dòng “{node.text[:60]}”: {doubt}." for node, doubt in astray]
    if not has_rows:
        warnings.append("Không tìm thấy nhiệm vụ nào trong văn bản.")
    if accounting["unplaced"]:
        warnings.append(f"{accounting['unplaced']} dòng chưa xếp được vào đâu.")
    return tuple(dict.fromkeys(warnings))
