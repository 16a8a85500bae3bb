"""The report of the communes: a plan, a draft, an old one, none; and the command that prints it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.communes.report import Sent, report_of
from pipeline.communes.workbook import write_communes_xlsx
from schemas.errors import CommunesError

CITY = ["UBND thành phố Hải Phòng"]


def document(number: int, issuer: str, **more: Any) -> dict[str, Any]:
    usual = {"document_id": f"{number:016}", "issuer": f"Ủy ban nhân dân {issuer}", "recipients": CITY, "n_rows": 9}
    return usual | {"doc_type": "Kế hoạch", "doc_number": f"{number}/KH-UBND", "issued_date": "2026-01-15"} | more


DOCUMENTS = [
    document(1, "phường Lê Chân", plan_years=[2026]),
    document(2, "phường Lê Chân", plan_years=[2025]),
    document(3, "xã Hồng Châu", plan_years=[2026], doc_number=None, issued_date=None),
    document(4, "phường Nam Triệu", plan_years=[2025], issued_date="2025-08-01"),
    document(5, "phường Kiến An", plan_years=[2026], is_draft=True),
    document(6, "phường Hải An", n_rows=0),
    document(7, "phường Bắc Sơn", recipients=[], issued_date="2023-04-17", paths=["/a/b.pdf"]),
    document(8, "xã An Lão", plan_years=[], doc_number=None, issued_date=None, lacks_header=True),
]


def test_each_commune_counts_by_the_best_of_its_documents() -> None:
    report = report_of(DOCUMENTS, "Hải Phòng", 2026)
    sent = {line.name: line.sent for line in report.lines}
    assert len(sent) == 114
    assert {name: found for name, found in sent.items() if found is not Sent.NONE} == {
        "phường Lê Chân": Sent.PLAN,
        "xã Hồng Châu": Sent.DRAFT,
        "phường Kiến An": Sent.DRAFT,
        "phường Nam Triệu": Sent.OLD,
        "xã An Lão": Sent.UNDATED,
    }
    assert sum(report.counts().values()) == 114
    assert len(report.missing()) == 113


def test_a_document_of_no_commune_is_named_with_its_reason_and_file() -> None:
    report = report_of(DOCUMENTS, "Hải Phòng", 2026)
    ((name, why, files),) = report.astray
    assert name.startswith("Kế hoạch số 7/KH-UBND")
    assert "Bắc Sơn" in why
    assert files == ("/a/b.pdf",)


def test_the_year_asked_for_decides_what_is_old() -> None:
    sent = {line.name: line.sent for line in report_of(DOCUMENTS, "thành phố Hải Phòng", 2025).lines}
    assert sent["phường Nam Triệu"] is Sent.PLAN


def test_an_unknown_province_is_refused() -> None:
    with pytest.raises(CommunesError, match="Không Có"):
        report_of([], "Không Có", 2026)


def test_the_workbook_names_all_and_what_was_not_placed(tmp_path: Path) -> None:
    path = tmp_path / "xa.xlsx"
    with path.open("wb") as stream:
        write_communes_xlsx(report_of(DOCUMENTS, "Hải Phòng", 2026), stream)
    book = load_workbook(path)
    assert book["Kế hoạch năm 2026"].max_row == 115
    assert book["Chưa xếp được"].max_row == 2
    assert [cell.value for cell in book["Tổng hợp"]["B"]][1:] == [109, 1, 2, 1, 1, 114]
