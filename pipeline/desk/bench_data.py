"""The made-up plans over which the desk is measured: the same number gives the same plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipeline.compare.sets import load_set
from pipeline.records import approve_many, merged_rows
from pipeline.store.comparisons import Compared, save_comparisons
from pipeline.store.people import note
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.criteria import Cell, Comparison, CriteriaSet, Evidence, Status
from schemas.extraction import Extraction
from schemas.plan import Marker, Node, PlanHeader, PlanTree, Style
from schemas.restored import RestoredDocument
from schemas.source import Line, RawDocument, SourceFile
from schemas.task import Kind, LeadBasis, TaskRow

ROWS_A_PLAN = 100
COMPARED, DECIDED = 100, 150
"""Plans that were compared with the criteria, and rows that people decided on, however many there are."""
BODIES = (
    "Sở Nội vụ",
    "Công an phường",
    "Văn phòng HĐND và UBND",
    "Phòng Văn hóa - Xã hội",
    "Trạm Y tế",
    "Đoàn Thanh niên",
)
ACTS = ("Tổ chức đối thoại", "Niêm yết công khai", "Rà soát thủ tục", "Tập huấn nghiệp vụ", "Kiểm tra việc thực hiện")

CRITERIA = "hai_phong_49"


def plan(number: int) -> Extraction:
    """A plan of `ROWS_A_PLAN` rows; the same number gives the same plan."""
    content = f"Kế hoạch {number}"
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    source = SourceFile(Path("/") / f"{number}.txt", f"ke_hoach_{number:05}.txt", sha256, len(content))
    raw = RawDocument(source, "text", (Line(content),), content)
    header = PlanHeader(
        issuer=f"Ủy ban nhân dân xã {number}",
        issuer_level="xã",
        doc_type="Kế hoạch",
        number=f"{number}/KH-UBND",
        issued_date=f"20{20 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}",
        title=f"Cải cách hành chính năm 20{20 + number % 7}",
    )
    tree = PlanTree(header, (Node(Marker(Style.ROMAN, "II", "II."), "II", "NHIỆM VỤ"),))
    rows = tuple(_row(source.document_id, number, at) for at in range(ROWS_A_PLAN))
    return Extraction(raw, RestoredDocument(raw, raw.blocks), tree, rows, {"row": len(rows), "unplaced": 0})


def _row(document_id: str, number: int, at: int) -> TaskRow:
    seed = number * ROWS_A_PLAN + at
    act, lead = ACTS[seed % len(ACTS)], BODIES[seed % len(BODIES)]
    return TaskRow(
        f"II/{1 + at // 10}/-{1 + at % 10}",
        Kind.TASK,
        f"{act} về lĩnh vực {seed % 977} trên địa bàn xã {number}, bảo đảm đúng tiến độ, đúng quy định hiện hành.",
        (lead,),
        (BODIES[(seed + 3) % len(BODIES)],),
        due=f"20{20 + seed % 7}-{1 + seed % 12:02}-{1 + seed % 28:02}" if seed % 3 else None,
        task_id=f"{document_id}-{at:010}",
        document_id=document_id,
        section="II",
        section_title="NHIỆM VỤ",
        heading_path=("NHIỆM VỤ",),
        source_text=act,
        lead_basis=LeadBasis.EXPLICIT,
        needs_review=seed % 20 == 0,
        review_reasons=("Hai thời hạn khác nhau.",) if seed % 20 == 0 else (),
    )


def fill(store: Store, tasks: int) -> None:
    """Put so many tasks into the store, and what people and the night leave beside them."""
    for number in range(tasks // ROWS_A_PLAN):
        save(store, number)
    _leave_traces(store)


def _leave_traces(store: Store) -> None:
    rows = merged_rows(store, [row.task_id for row in find_tasks(store, TaskFilter(limit=DECIDED)).rows])
    approve_many(store, [(key, row.version) for key, row in rows.items()], "lan")
    for key in rows:
        note(store, "lan", "tai_len", key)
    save_comparisons(store, list(_comparisons(load_set(CRITERIA))))


def save(store: Store, number: int) -> None:
    """Put one plan into the store."""
    made = plan(number)
    source = made.raw.source
    store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, f"Xã {number % 114}"))


def _comparisons(criteria: CriteriaSet) -> Iterable[Compared]:
    for number in range(COMPARED):
        source = plan(number).raw.source
        cells = tuple(_cell(one.id, source.document_id, number + at) for at, one in enumerate(criteria.criteria))
        done = Comparison(source.document_id, source.name, criteria.id, criteria.version, cells, ())
        yield Compared(done, str(number))


def _cell(criterion: str, document_id: str, seed: int) -> Cell:
    status = list(Status)[seed % len(Status)]
    row = Evidence("II/1", f"{document_id}-{seed % ROWS_A_PLAN:010}", "Tổ chức đối thoại", 0.9, {})
    return Cell(criterion, status, (row,) if seed % 3 else (), (), (), 0.9, seed % 7 == 0)
