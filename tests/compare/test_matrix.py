"""The matrix, its workbook and page, people's decisions, and the commands."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipeline.cli.comparing import compare, diff
from pipeline.cli.criteria import criteria_app
from pipeline.compare.accuracy import load_samples
from pipeline.compare.bodies_in_time import Flag, flags
from pipeline.compare.decisions import Decision, add_decision, decided, load_decisions
from pipeline.compare.forms import Format
from pipeline.compare.match import Matcher
from pipeline.compare.matrix import Matrix, make_matrix, share_met, short_name
from pipeline.compare.matrix_html import matrix_html
from pipeline.compare.matrix_xlsx import write_matrix_xlsx
from pipeline.compare.output import write_comparisons
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
    plans = load_samples().plans
    return make_matrix(criteria, [matcher.compare_plan(plan) for plan in plans], [flags(plan) for plan in plans])


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
    assert book["Cơ quan không còn"].cell(2, 3).value == "UBND quận"
    grid = book["Ma trận"]
    assert [cell.value for cell in grid[2]][2:] == [one.id for one in matrix.criteria.criteria]
    places = [grid.cell(at, 1).value for at in range(3, 7)]
    assert places[:2] == ["phường Lê Chân", "xã Hồng Châu"]
    assert (grid.cell(4, 3).value, grid.cell(4, 2).value) == ("Đ", 1)
    assert grid.cell(4, 3).fill.fgColor.rgb.endswith("A9D08E")
    for at, one in enumerate(matrix.comparisons):
        for place, cell in enumerate(one.cells):
            sheet, where = grid.cell(3 + at, 3 + place).hyperlink.location.rsplit("!A", 1)
            line = [found.value for found in book[sheet.strip("'")][int(where)]]
            assert line[:2] == [places[at], cell.criterion], "each cell leads to its proof or its gap"
    cited = sum(len(cell.rows) + len(cell.candidates) for one in matrix.comparisons for cell in one.cells)
    assert book["Minh chứng"].max_row == cited + 1
    assert book["Chỗ còn thiếu"].max_row == len(matrix.gaps()) + 1


class _Reader(HTMLParser):
    """Checks that elements close in order, and counts what a page must or must not have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [(value or "")[1:] for name, value in attrs if name == "href" and (value or "")[:1] == "#"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


FOREIGN = ("script", "link", "img", "iframe", "object", "form", "svg")


def test_the_page_of_many_plans_opens_every_cell_and_asks_for_nothing(matrix: Matrix) -> None:
    page = _Reader(matrix_html(matrix))
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids) == 56 * len(matrix.comparisons)
    assert set(page.targets) == {*page.ids, "dong"}
    assert not any(page.tags[tag] for tag in FOREIGN)
    assert page.attributes["href"] == len(page.targets), "no address outside the page"


def test_the_page_of_few_plans_writes_every_cell_out(matrix: Matrix) -> None:
    few = make_matrix(matrix.criteria, matrix.comparisons[:2])
    whole = matrix_html(few)
    page = _Reader(whole)
    assert page.open == []
    assert page.targets == page.ids == []
    for cell in matrix.comparisons[0].cells:
        assert all(escape(remark) in whole for remark in cell.remarks)


def test_nothing_in_a_plan_becomes_part_of_the_page(matrix: Matrix) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>'\"><a href=javascript:alert(1)>"
    cells = tuple(
        replace(
            cell,
            remarks=tuple(evil for _ in cell.remarks),
            reason=evil,
            decided_by=evil,
            rows=tuple(replace(row, text=evil, path=evil) for row in cell.rows),
        )
        for cell in matrix.comparisons[0].cells
    )
    one = replace(matrix.comparisons[0], plan=evil, cells=cells, orphans=(evil,), notes=(evil,))
    flag = Flag(evil, evil, evil, evil)
    for count in (1, 5):
        page = _Reader(matrix_html(make_matrix(matrix.criteria, [one] * count, [[flag]] * count)))
        assert page.open == []
        assert not any(page.tags[tag] for tag in FOREIGN)
        assert page.attributes["onerror"] == page.attributes["src"] == 0
        assert page.attributes["href"] == len(page.targets)


def test_the_terminal_has_a_line_for_each_of_many_plans(matrix: Matrix, capsys: pytest.CaptureFixture[str]) -> None:
    write_comparisons(matrix.comparisons, matrix.flags, matrix.criteria, Format.TABLE, None)
    said = capsys.readouterr().out
    for one in matrix.comparisons:
        assert f"{short_name(one.plan)} " in said
    assert "Tiêu chí yếu nhất" in said
    assert said.count("Bộ tiêu chí dựng lại") == 1
    assert "phường Lê Chân, III/4/-4: “UBND quận”" in said


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
