"""Stored comparisons: only what changed is compared again, decisions outlive runs, and what changed is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipeline.cli.comparing import compare
from pipeline.cli.criteria import criteria_app
from pipeline.compare.accuracy import load_samples
from pipeline.compare.match import Matcher
from pipeline.compare.nightly import change_sentences, compare_stored
from pipeline.compare.sets import load_set
from pipeline.compare.stored import choose, columns, update_stored
from pipeline.records import add, decide, drop, merged_row, revert, undrop
from pipeline.store.cell_decisions import decide_cell, decision_history
from pipeline.store.comparisons import (
    HeldPlan,
    cell_statuses,
    cells_of_task,
    changes_since,
    held_plans,
    load_comparisons,
    status_counts,
)
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.criteria import Status
from schemas.extraction import Extraction
from schemas.task import TaskRow
from tests.making import extraction

app = typer.Typer()
app.command("compare")(compare)
app.add_typer(criteria_app, name="criteria")
SET = "hai_phong_5049"
MATCHER = Matcher(load_set(SET))
HONG_CHAU = {"issuer": "Ủy ban nhân dân xã Hồng Châu", "issuer_level": "xã", "number": "9/KH-UBND"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/kho.db")


def put(store: Store, rows: tuple[TaskRow, ...], content: str, commune: str | None = None, **header: object) -> str:
    """Store these rows as a document of this content and return its id."""
    made: Extraction = extraction(content, f"{content}.txt", **header)
    key = made.raw.source.document_id
    mine = tuple(replace(row, document_id=key, task_id=f"{key}-{n}") for n, row in enumerate(rows))
    made = replace(made, rows=mine, accounting={"row": len(mine)})
    source = made.raw.source
    store.save(made, Seen(f"/vao/{content}", f"{content}.txt", source.sha256, source.size, commune))
    return key


def le_chan_and_hong_chau(store: Store) -> tuple[str, str]:
    samples = load_samples()
    return (
        put(store, samples.worked_rows, "le-chan", "Lê Chân"),
        put(store, samples.source_rows, "hong-chau", "Hồng Châu", **HONG_CHAU),
    )


def test_what_is_stored_comes_back_whole(store: Store) -> None:
    first, second = le_chan_and_hong_chau(store)
    done = update_stored(store, MATCHER)
    assert (done.held, done.compared) == (2, 2)
    found = load_comparisons(store, SET, [first, second])
    rows = [replace(row, task_id=f"{second}-{n}") for n, row in enumerate(load_samples().source_rows)]
    fresh = MATCHER.compare(rows, second, HONG_CHAU["issuer"])
    assert found[second].comparison.cells == fresh.cells
    assert found[second].comparison.orphans == fresh.orphans
    assert [flag["words"] for flag in found[first].flags] == ["UBND quận"]
    cited = found[second].comparison.cells[0].rows[0]
    assert cells_of_task(store, cited.task_id)[0]["criterion"] == "1.1.1"


def test_only_what_changed_is_compared_again(store: Store) -> None:
    le_chan_and_hong_chau(store)
    update_stored(store, MATCHER)
    assert update_stored(store, MATCHER).compared == 0
    rows = [row for row in load_samples().source_rows if row.path != "II/4/a/(3)"]
    put(store, tuple(rows), "hong-chau", "Hồng Châu", **HONG_CHAU)  # the same bytes, read otherwise
    done = update_stored(store, MATCHER)
    assert done.compared == 1
    said = change_sentences(done.changes)
    assert said == ["Ủy ban nhân dân xã Hồng Châu: tiêu chí 4.1.3 từ “đáp ứng” thành “thiếu”."]
    other = Matcher(replace(MATCHER.criteria, version="2"))
    assert update_stored(store, other).compared == 2, "a new version of the set is another comparison"


def test_rows_are_compared_as_people_see_them(store: Store) -> None:
    _, key = le_chan_and_hong_chau(store)
    update_stored(store, MATCHER)
    place = next(n for n, row in enumerate(load_samples().source_rows) if row.path == "II/4/a/(3)")
    task_id, text = f"{key}-{place}", load_samples().source_rows[place].text

    def version() -> int:
        return merged_row(store, task_id).version

    def after_a_night() -> Status:
        assert update_stored(store, MATCHER).compared == 1, "only the plan that somebody touched"
        return cell_statuses(store, SET, [key])[key]["4.1.3"]

    assert cell_statuses(store, SET, [key])[key]["4.1.3"] is Status.COVERED
    drop(store, task_id, "lan", version())
    assert after_a_night() is Status.MISSING
    undrop(store, task_id, "lan", version())
    assert after_a_night() is Status.COVERED
    decide(store, task_id, "text", "Trồng cây xanh ven đường.", "lan", version())
    assert after_a_night() is Status.MISSING
    added = add(store, key, {"text": text}, "lan", after=task_id)
    assert after_a_night() is Status.COVERED
    assert cells_of_task(store, added.row.task_id)[0]["criterion"] == "4.1.3"
    drop(store, added.row.task_id, "lan", added.version)
    assert after_a_night() is Status.MISSING
    put(store, load_samples().source_rows[:-1], "hong-chau", "Hồng Châu", **HONG_CHAU)  # read anew, otherwise
    assert after_a_night() is Status.MISSING, "people's words hold over a new reading"
    revert(store, task_id, "text", "lan", version())
    assert after_a_night() is Status.COVERED
    assert update_stored(store, MATCHER).compared == 0


def test_a_newer_plan_takes_the_place_of_the_old_one(store: Store) -> None:
    rows = load_samples().source_rows
    old = put(store, rows, "cu", None, **HONG_CHAU, issued_date="2025-02-01")
    update_stored(store, MATCHER)
    report = put(store, rows, "bao-cao", None, **{**HONG_CHAU, "number": None}, doc_type="Báo cáo")
    other = put(store, rows[:1], "pccc", None, **{**HONG_CHAU, "number": "11/KH-UBND"}, issued_date="2026-09-01")
    new = put(store, rows, "moi", None, **{**HONG_CHAU, "number": "12/KH-UBND"}, issued_date="2026-02-01")
    draft = put(store, rows, "thao", None, **{**HONG_CHAU, "number": None}, issued_date="2026-06-01", is_draft=True)
    done = update_stored(store, MATCHER)
    assert done.compared == 4
    assert {report, other, draft, old} <= set(status_counts(store, SET))
    (column,) = columns(store, SET)
    assert column.plan.document_id == new
    assert change_sentences(done.changes) == ["Ủy ban nhân dân xã Hồng Châu: kế hoạch khác thay kế hoạch trước."]


def test_a_folder_names_the_commune_where_the_document_does_not(store: Store) -> None:
    put(store, load_samples().worked_rows, "khong-ten", "Bắc Sơn", issuer=None, issuer_level=None)
    put(
        store,
        load_samples().worked_rows,
        "thanh-pho",
        None,
        issuer="Ủy ban nhân dân thành phố X",
        issuer_level="tỉnh",
    )
    update_stored(store, MATCHER)
    assert [column.plan.place for column in columns(store, SET)] == ["Bắc Sơn"]
    assert columns(store, SET, ["bac son"]) == columns(store, SET, ["Bắc Sơn"]) != []
    assert columns(store, SET, ["Nam Sơn"]) == []


def test_nothing_held_is_no_plan() -> None:
    assert choose([], {}) == []


def test_decisions_outlive_runs_and_files(store: Store) -> None:
    rows = load_samples().source_rows
    put(store, rows, "ban-word", None, **HONG_CHAU, issued_date="2026-02-01")
    update_stored(store, MATCHER)
    (column,) = columns(store, SET)
    decide_cell(store, column.plan, (SET, "4.1.3"), Status.PARTIAL, "An", "mới có một phần", Status.COVERED)
    decide_cell(store, column.plan, (SET, "1.1.1"), Status.MISSING, "An")
    decide_cell(store, column.plan, (SET, "1.1.1"), None, "Bình", "xem lại rồi")
    put(store, rows[:-1], "ban-word", None, **HONG_CHAU, issued_date="2026-02-01")
    assert update_stored(store, MATCHER).compared == 1
    put(store, rows, "ban-quet", None, **HONG_CHAU, issued_date="2026-02-01")
    assert update_stored(store, MATCHER).compared == 1
    (again,) = columns(store, SET)
    cells = {cell.criterion: cell for cell in again.comparison.cells}
    assert (cells["4.1.3"].status, cells["4.1.3"].decided_by, cells["4.1.3"].proposed) == ("partial", "An", "covered")
    assert (cells["1.1.1"].status, cells["1.1.1"].decided_by) == ("covered", None)
    assert [one.decided_by for one in decision_history(store, again.plan, SET, "1.1.1")] == ["An", "Bình"]


def test_a_plan_of_another_year_takes_over_no_decision(store: Store) -> None:
    rows = load_samples().source_rows
    put(store, rows, "nam-truoc", None, **HONG_CHAU, issued_date="2025-02-01")
    update_stored(store, MATCHER)
    decide_cell(store, columns(store, SET)[0].plan, (SET, "4.1.3"), Status.PARTIAL, "An")
    put(store, rows, "nam-nay", None, **{**HONG_CHAU, "number": "10/KH-UBND"}, issued_date="2026-02-01")
    update_stored(store, MATCHER)
    assert all(cell.decided_by is None for cell in columns(store, SET)[0].comparison.cells)


def test_the_night_writes_the_matrix_only_when_something_changed(store: Store, tmp_path: Path) -> None:
    first, _ = le_chan_and_hong_chau(store)
    out = tmp_path / "ra"
    before = datetime.now(UTC) - timedelta(seconds=1)
    (night,) = compare_stored(store, [SET], out)
    assert len(night.changes) == 2
    assert all("có kế hoạch để đối chiếu, trước chưa có" in said for said in night.sentences())
    written = {path: path.stat().st_mtime_ns for path in night.files}
    assert sorted(path.name for path in written) == [f"ma_tran_{SET}.html", f"ma_tran_{SET}.xlsx"]
    (again,) = compare_stored(store, [SET], out)
    assert (again.updated.compared, again.changes) == (0, ())
    assert {path: path.stat().st_mtime_ns for path in again.files} == written
    plan = next(one for one in held_plans(store) if one.document_id == first)
    decide_cell(store, plan, (SET, "1.1.1"), Status.COVERED, "An")
    (decided,) = compare_stored(store, [SET], out, since=before)
    assert all(path.stat().st_mtime_ns > written[path] for path in decided.files), "a decision changes the matrix"
    assert len(decided.changes) == 2, "what earlier runs found since yesterday is said again"
    assert changes_since(store, datetime.now(UTC) + timedelta(hours=1)) == ()
    assert load_workbook(decided.files[0]).sheetnames[0] == "Ma trận"


def test_compare_without_files_reads_the_store(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path)]
    run = CliRunner().invoke
    assert run(app, ["compare", *data]).exit_code == 3
    le_chan_and_hong_chau(Store.open(f"sqlite:///{tmp_path}/giaoviec.db"))
    assert len(json.loads(run(app, ["compare", *data, "-f", "json"]).stdout)) == 2
    wanted = ["1.1.1", "missing", "--by", "An", "--note", "đã xem", *data]
    assert run(app, ["criteria", "decide", "ủy ban nhân dân", *wanted]).exit_code != 0
    assert "phường Lê Chân" in run(app, ["criteria", "decide", "le chan", *wanted]).stdout
    found = json.loads(run(app, ["compare", "--commune", "Lê Chân", *data, "-f", "json"]).stdout)
    assert (found["criteria"][0]["decided_by"], found["criteria"][0]["reason"]) == ("An", "đã xem")
    assert run(app, ["criteria", "decide", "le chan", "1.1.1", "machine", "--by", "An", *data]).exit_code == 0
    found = json.loads(run(app, ["compare", "--commune", "Lê Chân", *data, "-f", "json"]).stdout)
    assert found["criteria"][0]["decided_by"] is None
    assert run(app, ["compare", "--commune", "Nơi Khác", *data]).exit_code == 3
    assert run(app, ["compare", "x.pdf", "--commune", "Lê Chân"]).exit_code == 2


def test_the_key_of_a_plan_is_its_number_and_date_where_it_has_them() -> None:
    bare = HeldPlan("d1", "", "a.pdf", "UBND xã A", "ubnd xã a", "xã", "Kế hoạch", None, None, None, False)
    assert bare.plan_key == "d1"
    full = replace(bare, doc_number="9/KH-UBND", issued_date=datetime(2026, 2, 1, tzinfo=UTC).date())
    assert full.plan_key == "ubnd xã a|9/KH-UBND|2026-02-01"
    assert replace(bare, issuer=None, issuer_key=None, commune="Bắc Sơn").place_key == "bac son"
