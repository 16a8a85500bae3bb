"""The matrix, its workbook and page, people's decisions, and the commands."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipeline.cli.comparing import compare, diff
from pipeline.cli.criteria import criteria_app
from pipeline.compare.accuracy import load_samples
from pipeline.compare.decisions import Decision, add_decision, decided, load_decisions
from pipeline.compare.match import Matcher
from pipeline.compare.matrix import Matrix, make_matrix, share_met
from pipeline.compare.matrix_html import matrix_html
from pipeline.compare.matrix_xlsx import write_matrix_xlsx
from pipeline.compare.sets import load_set
from schemas.criteria import Status
from schemas.errors import CriteriaError

app = typer.Typer()
app.command("compare")(compare)
app.command("diff")(diff)
app.add_typer(criteria_app, name="criteria")
GOLD = Path(__file__).parents[1] / "gold"
TEXTS = Path(__file__).parents[2] / "sample_docs" / "text"


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    criteria = load_set("hai_phong_5049")
    matcher = Matcher(criteria)
    return make_matrix(criteria, [matcher.compare_plan(plan) for plan in load_samples().plans])


def test_what_stands_out(matrix: Matrix) -> None:
    assert share_met(matrix.comparisons[1]) == 1.0
    assert share_met(matrix.comparisons[0]) < 0.5
    shares = [one.share for one in matrix.weakest()]
    assert shares == sorted(shares)
    assert all(len(matrix.comparisons) == sum(one.counts.values()) for one in matrix.weakest())
    assert matrix.unmet() == []
    assert all(cell.status is not Status.COVERED for _, cell in matrix.gaps())
    assert any(one.words == "chưa giao cơ quan chủ trì" for one in matrix.problems())


def test_a_plan_older_than_the_set_is_no_fault(matrix: Matrix) -> None:
    assert any("không phải là lỗi" in note for note in matrix.comparisons[3].notes)
    assert not any("không phải là lỗi" in note for note in matrix.comparisons[1].notes)


def test_the_workbook_holds_every_cell_and_its_evidence(matrix: Matrix) -> None:
    buffer = io.BytesIO()
    write_matrix_xlsx(matrix, buffer)
    book = load_workbook(buffer)
    assert book.sheetnames[:4] == ["Ma trận", "Minh chứng", "Chỗ còn thiếu", "Tiêu chí yếu"]
    grid = book["Ma trận"]
    assert [cell.value for cell in grid[1]][2:] == [one.plan for one in matrix.comparisons]
    assert grid.cell(2, 4).value == "Đ"
    assert grid.cell(2, 4).fill.fgColor.rgb.endswith("A9D08E")
    cited = sum(len(cell.rows) + len(cell.candidates) for one in matrix.comparisons for cell in one.cells)
    assert book["Minh chứng"].max_row == cited + 1
    assert book["Chỗ còn thiếu"].max_row == len(matrix.gaps()) + 1


class _Counter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.details = 0
        self.asks = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.details += tag == "details"
        self.asks += tag in ("script", "link", "img", "iframe")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing(matrix: Matrix) -> None:
    page = _Counter()
    page.feed(matrix_html(matrix))
    assert page.open == []
    assert page.details == 56 * len(matrix.comparisons)
    assert page.asks == 0


def test_decisions_outlive_a_run(matrix: Matrix, tmp_path: Path) -> None:
    file = tmp_path / "quyet_dinh.jsonl"
    plan = matrix.comparisons[0].plan
    assert load_decisions(file) == ()
    add_decision(file, Decision(plan, "hai_phong_5049", "1.1.5", Status.MISSING, "An"))
    add_decision(file, Decision(plan, "hai_phong_5049", "1.1.5", Status.COVERED, "Bình", "đã xem"))
    add_decision(file, Decision("xã khác", "hai_phong_5049", "1.1.6", Status.COVERED, "Bình"))
    done = decided(matrix.comparisons[0], load_decisions(file))
    cells = {cell.criterion: cell for cell in done.cells}
    assert (cells["1.1.5"].status, cells["1.1.5"].decided_by, cells["1.1.5"].doubtful) == ("covered", "Bình", False)
    assert cells["1.1.6"].decided_by is None
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CriteriaError, match="dòng 1"):
        load_decisions(file)


def test_compare_prints_a_plan_in_the_shape_of_the_worked_example() -> None:
    found = CliRunner().invoke(app, ["compare", str(TEXTS / "000_le_chan.txt"), "--format", "json"])
    assert found.exit_code == 0
    record = json.loads(found.stdout)
    assert len(record["criteria"]) == 56
    assert [flag["words"] for flag in record["flags"]] == ["UBND quận"]


def test_compare_takes_tables_and_several_plans(tmp_path: Path) -> None:
    files = [str(GOLD / "000.json"), str(GOLD / "001.json")]
    found = CliRunner().invoke(app, ["compare", *files, "--set", "hai_phong_49", "-f", "json"])
    assert [one["criteria_set"] for one in json.loads(found.stdout)] == ["hai_phong_49"] * 2
    out = tmp_path / "m.xlsx"
    assert CliRunner().invoke(app, ["compare", *files, "-f", "xlsx", "-o", str(out)]).exit_code == 0
    assert load_workbook(out).sheetnames[0] == "Ma trận"
    assert CliRunner().invoke(app, ["compare", *files, "-f", "xlsx"]).exit_code == 2
    assert "Đáp ứng" in CliRunner().invoke(app, ["compare", *files]).stdout


def test_a_file_that_cannot_be_read_is_refused_and_the_rest_is_done(tmp_path: Path) -> None:
    bad = tmp_path / "hong.json"
    bad.write_text("[]", encoding="utf-8")
    assert CliRunner().invoke(app, ["compare", str(bad)]).exit_code == 2
    assert CliRunner().invoke(app, ["compare", str(bad), str(GOLD / "000.json"), "-f", "json"]).exit_code == 3


def test_diff_and_criteria_commands(tmp_path: Path) -> None:
    files = [str(GOLD / "000.json"), str(GOLD / "001.json")]
    found = CliRunner().invoke(app, ["diff", *files, "-f", "json"])
    assert {move["change"] for move in json.loads(found.stdout)["moves"]} >= {"dropped", "new"}
    page = tmp_path / "d.html"
    assert CliRunner().invoke(app, ["diff", *files, "-f", "html", "-o", str(page)]).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "hai_phong_5049  56 tiêu chí" in CliRunner().invoke(app, ["criteria", "list"]).stdout
    assert "56 tiêu chí, 0" in CliRunner().invoke(app, ["criteria", "check", "hai_phong_5049"]).stdout
    draft = tmp_path / "moi.yaml"
    made = CliRunner().invoke(app, ["criteria", "from-plan", str(GOLD / "002.json"), "--id", "moi", "-o", str(draft)])
    assert made.exit_code == 0
    assert load_set(str(draft)).id == "moi"
