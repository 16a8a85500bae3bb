"""Hand-made extractions: a small plan as the stages would hand it over, without running them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from schemas.extraction import Extraction
from schemas.plan import LegalBasis, Marker, Node, PlanHeader, PlanTree, Style
from schemas.restored import RestoredDocument
from schemas.source import BBox, Line, RawDocument, SourceFile
from schemas.task import Kind, LeadBasis, TaskRow

HEADER = PlanHeader(
    issuer="Ủy ban nhân dân phường Lê Chân",
    issuer_level="phường",
    doc_type="Kế hoạch",
    number="12/KH-UBND",
    issued_date="2026-01-15",
    place="Lê Chân",
    title="Công tác dân vận chính quyền năm 2026",
    plan_years=(2026,),
    signer="Phạm Văn Tân",
    signer_title="Chủ tịch",
    recipients=("Sở Nội vụ", "Lưu: VT"),
    legal_bases=(LegalBasis("Quyết định", "3177/QĐ-UBND", "2025-08-06", "UBND thành phố", "dân vận"),),
)


def rows(document_id: str) -> tuple[TaskRow, ...]:
    """Three rows: one with all fields, one that begins like a formula, one under a common search."""
    full = TaskRow(
        path="II/1/a",
        kind=Kind.TASK,
        text="Tổ chức đối thoại với nhân dân về đường dây nóng.",
        lead=("Phòng Văn hoá - Xã hội", "UBND phường"),
        coordinating=("Công an phường",),
        start="2026-04-01",
        due="2026-06-30",
        recurrence="FREQ=MONTHLY;INTERVAL=3",
        task_id=f"{document_id}-1",
        document_id=document_id,
        section="II",
        section_title="NỘI DUNG",
        heading_path=("NỘI DUNG", "1. Tuyên truyền"),
        page=2,
        char_start=10,
        char_end=60,
        bbox=BBox(1.0, 2.5, 3.0, 4.0),
        source_text="Tổ chức đối thoại",
        lead_basis=LeadBasis.ASSIGNMENT,
        deadline_text="Quý II/2026, định kỳ hằng quý",
        deadline_qualifier="within",
        target_text="100% hộ dân",
        target_value=100.0,
        target_unit="%",
        target_comparator=">=",
        deliverable="Báo cáo kết quả",
        monitoring=("Văn phòng HĐND và UBND",),
        confidence=0.5,
        needs_review=True,
        review_reasons=("Hai thời hạn khác nhau.", "Tên cơ quan lạ."),
    )
    formula = TaskRow(
        "II/2",
        Kind.REQUEST,
        '=HYPERLINK("http://x")',
        ("-Sở Nội vụ",),
        task_id=f"{document_id}-2",
        document_id=document_id,
    )
    street = TaskRow(
        path="III/-1",
        kind=Kind.OBJECTIVE,
        text="Dương đạt chuẩn.",
        due="2026-12-31",
        task_id=f"{document_id}-3",
        document_id=document_id,
    )
    return full, formula, street


def extraction(content: str = "Kế hoạch", name: str = "ke-hoach.txt", **header: object) -> Extraction:
    """An extraction of a file with `content`; the same content is the same document."""
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    source = SourceFile(Path("/nowhere") / name, name, sha256, len(content.encode()))
    line = Line(content)
    raw = RawDocument(source, "text", (line,), content, n_pages=2, facts={"encoding": "utf-8"})
    node = Node(Marker(Style.ROMAN, "II", "II."), "II", "NỘI DUNG")
    tree = PlanTree(replace(HEADER, **header), (node,))  # type: ignore[arg-type]
    return Extraction(
        raw, RestoredDocument(raw, raw.blocks), tree, rows(source.document_id), {"row": 3, "unplaced": 0}
    )


def warned(made: Extraction) -> Extraction:
    """The same with a warning for staff."""
    return replace(made, warnings=("Không tìm thấy ngày ban hành.",))
