"""Two plans: what was kept, reworded, dropped, new, split, merged; who leads and by when."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from pipeline.compare.accuracy import load_samples
from pipeline.compare.diff import Change, Diff, Move, diff_plans
from pipeline.compare.diff_report import diff_html, diff_lines, marked, write_diff_xlsx
from pipeline.compare.edits import edit_f1, edit_plan, named_edits
from pipeline.compare.plans import Plan
from schemas.task import Kind, LeadBasis, TaskRow

TEXTS = (
    "Niêm yết công khai thủ tục hành chính tại Trung tâm Phục vụ hành chính công xã.",
    "Bố trí hòm thư góp ý tại trụ sở và tại nhà văn hóa các thôn trên địa bàn xã.",
    "Tổ chức đối thoại giữa người đứng đầu cấp ủy, chính quyền với Nhân dân; giải quyết kiến nghị ngay từ cơ sở.",
    "Khảo sát sự hài lòng của người dân đối với cơ quan hành chính bằng phiếu điều tra.",
)


def plan(*texts: str, **fields: object) -> Plan:
    rows = tuple(
        TaskRow.from_record({"path": f"II/{n}", "kind": Kind.TASK, "text": text, "task_id": str(n), **fields})
        for n, text in enumerate(texts, 1)
    )
    return Plan("d", "Kế hoạch", rows, {})


def changes(diff: Diff) -> list[Change]:
    return [move.change for move in diff.moves]


def only(diff: Diff, change: Change) -> Move:
    (found,) = (move for move in diff.moves if move.change is change)
    return found


def test_a_plan_against_itself_is_all_kept() -> None:
    found = diff_plans(plan(*TEXTS), plan(*TEXTS))
    assert changes(found) == [Change.KEPT] * 4
    assert not any(move.lead or move.time for move in found.moves)


def test_dropped_and_new() -> None:
    found = diff_plans(plan(*TEXTS), plan(*TEXTS[:3], "Lắp đặt camera giám sát ở phòng tiếp công dân."))
    assert only(found, Change.DROPPED).old[0].text == TEXTS[3]
    assert only(found, Change.NEW).new[0].path == "II/4"


def test_other_words_for_the_same_duty() -> None:
    other = "Lắp đặt hòm thư góp ý ở trụ sở UBND và nhà văn hóa thôn trên địa bàn xã."
    found = only(diff_plans(plan(*TEXTS), plan(TEXTS[0], other, *TEXTS[2:])), Change.REWORDED)
    assert (found.old[0].text, found.new[0].text) == (TEXTS[1], other)
    assert 0.4 < found.likeness < 1


def test_split_and_merged_are_each_other_backwards() -> None:
    pieces = [piece.strip() for piece in TEXTS[2].split(";")]
    apart, together = plan(*TEXTS[:2], *pieces, TEXTS[3]), plan(*TEXTS)
    split = only(diff_plans(together, apart), Change.SPLIT)
    assert [row.text for row in split.new] == pieces
    merged = only(diff_plans(apart, together), Change.MERGED)
    assert [row.text for row in merged.old] == pieces


def test_leads_and_dates_that_change_are_grouped() -> None:
    old = plan(*TEXTS, lead=["UBND xã A"], lead_basis=LeadBasis.ISSUER, due="2025-12-31")
    new = plan(*TEXTS, lead=["Phòng Văn hóa - Xã hội"], lead_basis=LeadBasis.ASSIGNMENT, due="2026-06-30")
    found = diff_plans(old, new)
    assert all(move.lead == ("", "Phòng Văn hóa - Xã hội") for move in found.moves)
    assert all(move.time == ("2025-12-31", "2026-06-30") for move in found.moves)
    assert "4 nhiệm vụ được giao cơ quan chủ trì, trước không giao." in found.summary()
    assert "4 nhiệm vụ đổi thời hạn hoặc nhịp." in found.summary()


def test_the_same_body_in_other_letters_is_no_change() -> None:
    old = plan(TEXTS[0], lead=["Phòng Văn hoá – Xã hội"], lead_basis=LeadBasis.HEADING)
    new = plan(TEXTS[0], lead=["phòng Văn hóa - Xã hội"], lead_basis=LeadBasis.EXPLICIT)
    assert diff_plans(old, new).moves[0].lead is None


@pytest.mark.parametrize("at", range(4))
def test_edits_made_by_script_are_named(at: int) -> None:
    assert edit_f1(load_samples().plans[at], range(4)) >= 0.97


def test_an_edit_is_there_to_be_found_and_a_wrong_one_counts() -> None:
    made = edit_plan(load_samples().plans[1], 3)
    assert {name for name, _, _ in made.edits} >= {"dropped", "reworded", "lead", "split"}
    kept = replace(made.new, rows=made.new.rows[1:])
    assert named_edits(diff_plans(made.old, kept)) != made.edits


def test_every_row_stands_in_one_move() -> None:
    samples = load_samples().plans
    found = diff_plans(samples[0], samples[1])
    assert sorted(row.path for move in found.moves for row in move.old) == sorted(r.path for r in samples[0].rows)
    assert sorted(row.path for move in found.moves for row in move.new) == sorted(r.path for r in samples[1].rows)


def test_the_reports_hold_every_move_and_are_safe() -> None:
    found = diff_plans(plan("=1+1 <b>Tổ chức họp</b>", *TEXTS), plan(*TEXTS))
    page = diff_html(found)
    assert "<b>Tổ chức" not in page
    assert "&lt;b&gt;Tổ chức" in page
    assert len(diff_lines(found)) == 5
    buffer = io.BytesIO()
    write_diff_xlsx(found, buffer)
    book = load_workbook(buffer)
    texts = [cell.value for line in book["Từng nhiệm vụ"].iter_rows() for cell in line]
    assert "=1+1 <b>Tổ chức họp</b>" in texts, "as a text"
    assert not any(cell.data_type == "f" for line in book["Từng nhiệm vụ"].iter_rows() for cell in line)
    assert book["Từng nhiệm vụ"].max_row == 6


def test_words_that_changed_are_marked_and_nothing_becomes_markup() -> None:
    old, new = marked("Họp <b>hằng quý</b> & báo cáo", "Họp hằng tháng & báo cáo")
    assert old == "Họp <del>&lt;b&gt;hằng quý&lt;/b&gt;</del> &amp; báo cáo"
    assert new == "Họp <ins>hằng tháng</ins> &amp; báo cáo"
