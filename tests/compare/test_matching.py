"""A row against a criterion: what counts, what is missing, what is only talk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.compare.accuracy import load_samples, macro_f1, statuses, worked_figures
from pipeline.compare.match import Matcher
from pipeline.compare.sets import load_set
from pipeline.compare.variants import variants
from schemas.criteria import Cell, Status
from schemas.task import Kind, LeadBasis, TaskRow

MATCHER = Matcher(load_set("hai_phong_5049"))
WORKED = Path(__file__).with_name("worked_000.json")


def row(text: str, path: str = "II/1", kind: Kind = Kind.TASK, **fields: object) -> TaskRow:
    return TaskRow.from_record({"path": path, "kind": kind, "text": text, "task_id": f"t-{path}", **fields})


def cell(criterion: str, *rows: TaskRow) -> Cell:
    return next(one for one in MATCHER.compare(rows).cells if one.criterion == criterion)


@pytest.mark.parametrize(
    ("criterion", "text", "status"),
    [
        ("1.2.5", "Đặt hộp thư góp ý tại trụ sở UBND phường và tại nhà văn hóa các tổ dân phố.", "covered"),
        ("1.2.5", "Lắp đặt hòm thư góp ý.", "partial"),
        ("1.2.5", "Niêm yết công khai TTHC.", "missing"),
        ("1.1.1", "Công khai danh mục, quy trình, thời gian giải quyết TTHC và mức phí, lệ phí.", "covered"),
        ("1.1.1", "Niêm yết công khai quy trình giải quyết thủ tục hành chính.", "partial"),
        ("1.1.1", "Hướng dẫn người dân làm thủ tục hành chính.", "missing"),
        ("2.1.4b", "Gửi thư chia buồn đến gia đình có người thân qua đời.", "covered"),
        ("4.1.3", "Đầu tư hệ thống truyền thanh thông minh đến từng tổ dân phố.", "covered"),
        ("4.1.5", "Tuyên truyền, vận động mỗi hộ gia đình có ít nhất 01 người cài đặt Hải Phòng Smart.", "covered"),
        ("3.1.4b", "Chủ tịch UBND xã đối thoại đột xuất với công dân khi có vụ việc phát sinh.", "covered"),
        ("3.2.5", "Mặc đồng phục và đeo thẻ công chức khi làm việc.", "partial"),
        ("1.2.7", "Lắp đặt mã QR phản ánh nhanh.", "missing"),
    ],
)
def test_status_of_a_single_row(criterion: str, text: str, status: str) -> None:
    found = cell(criterion, row(text))
    assert found.status == status, found
    assert bool(found.rows) == (status != "missing")


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        ("1.2.5", "Tuyên truyền để Nhân dân biết về việc đặt hòm thư góp ý tại trụ sở và nhà văn hóa thôn."),
        ("1.1.11", "Tuyên truyền mô hình “Chính quyền thân thiện” trên hệ thống truyền thanh."),
        ("1.1.12", "Xây dựng chuyên mục “Chính quyền thân thiện” trên fanpage của phường."),
    ],
)
def test_telling_is_no_doing(criterion: str, text: str) -> None:
    assert cell(criterion, row(text)).status is Status.MISSING


def test_propaganda_for_a_listed_content_is_partial() -> None:
    found = cell("1.1.6", row("Tuyên truyền, phổ biến, niêm yết Quy chế thực hiện dân chủ ở cơ sở."))
    assert found.status is not Status.COVERED


def test_a_weaker_cadence_is_named() -> None:
    text = "Bí thư Đảng ủy, Chủ tịch UBND xã tiếp công dân 6 tháng/lần."
    found = cell("3.1.4a", row(text, recurrence="FREQ=MONTHLY;INTERVAL=6"))
    assert found.status is Status.PARTIAL
    assert any(one.startswith("cadence weaker: 6 tháng/lần") for one in found.differences)
    assert any(one.startswith("nhịp thưa hơn") for one in found.remarks)


def test_the_same_cadence_covers() -> None:
    text = "Bí thư Đảng ủy, Chủ tịch UBND xã tiếp công dân ít nhất 01 lần/tháng."
    assert cell("3.1.4a", row(text, recurrence="FREQ=MONTHLY")).status is Status.COVERED


def test_a_period_that_is_none_is_a_missing_cadence() -> None:
    found = cell("3.1.4a", row("Chủ tịch UBND xã, Bí thư Đảng ủy tiếp công dân định kỳ."))
    assert found.status is Status.PARTIAL
    assert any(one.startswith("cadence missing") for one in found.differences)


def test_what_is_asked_of_others_is_at_most_partial() -> None:
    text = "Bố trí hòm thư góp ý tại trụ sở UBND và nhà văn hóa các thôn."
    found = cell("1.2.5", row(text, kind=Kind.REQUEST, lead=["Ủy ban MTTQ Việt Nam xã"]))
    assert found.status is Status.PARTIAL
    assert "asked of: Ủy ban MTTQ Việt Nam xã" in found.differences


@pytest.mark.parametrize("kind", [Kind.OBJECTIVE, Kind.REQUIREMENT, Kind.MILESTONE])
def test_only_tasks_and_requests_count_alone(kind: Kind) -> None:
    assert cell("4.1.3", row("Ứng dụng truyền thanh thông minh đến các thôn.", kind=kind)).status is Status.MISSING


def test_a_requirement_supports_a_task() -> None:
    found = cell(
        "2.1.4e",
        row("Gửi thư xin lỗi khi hồ sơ quá hạn.", "II/1"),
        row("Phải gửi thư xin lỗi khi giải quyết chậm.", "I/2", Kind.REQUIREMENT),
    )
    assert [(one.path, one.support) for one in found.rows] == [("II/1", False), ("I/2", True)]


def test_two_rows_cover_together() -> None:
    rows = [row("Trang bị máy in, máy scan, máy photo, biển tên và số điện thoại công chức.", "II/1")]
    rows.append(row("Bố trí máy tính tra cứu, wifi miễn phí.", "II/2"))
    found = cell("4.1.2b", *rows)
    assert found.status is Status.COVERED
    assert {one.path for one in found.rows} == {"II/1", "II/2"}


def test_headings_give_the_place_and_the_act() -> None:
    placed = row("Bố trí máy lấy số tự động, camera, thiết bị đánh giá.", heading_path=["Tại Trung tâm PVHCC"])
    assert cell("4.1.2d", placed).status is Status.COVERED
    listed = row("Lịch công tác của UBND xã, của Chủ tịch UBND xã;", heading_path=["Nội dung công khai"])
    assert cell("1.1.4", listed).status is Status.COVERED
    alone = row("Lịch công tác của UBND xã, của Chủ tịch UBND xã;")
    assert cell("1.1.4", alone).status is not Status.COVERED


def test_an_issuer_that_leads_by_default_is_remarked_and_changes_nothing() -> None:
    text = "Ứng dụng truyền thanh thông minh đến các thôn."
    found = cell("4.1.3", row(text, lead=["Ủy ban nhân dân xã A"], lead_basis=LeadBasis.ISSUER))
    assert found.status is Status.COVERED
    assert found.differences == ("no lead named",)


def test_general_words_hold_what_is_not_named() -> None:
    text = "Công khai quy trình giải quyết thủ tục hành chính và các vấn đề có liên quan đến thủ tục hành chính."
    found = cell("1.1.1", row(text))
    assert found.status is Status.COVERED
    assert any(one.startswith("content:") for one in found.differences)


def test_text_that_lost_its_marks_is_still_found() -> None:
    assert cell("1.2.5", row("Bo tri hom thu gop y tai tru so UBND va nha van hoa thon")).status is Status.COVERED


def test_no_row_is_invented_and_orphans_are_the_rest() -> None:
    rows = [row("Gửi thư xin lỗi khi quá hạn.", "II/1"), row("Tổ chức hội thao.", "II/2")]
    done = MATCHER.compare(rows)
    cited = {one.path for found in done.cells for one in found.rows}
    assert cited == {"II/1"}
    assert done.orphans == ("II/2",)
    assert all(found.status is Status.MISSING for found in MATCHER.compare([]).cells)


def test_covered_has_only_remarks_and_partial_at_least_one_other() -> None:
    bare = ("content:", "place:", "scope:", "time:", "trigger:", "period:", "cadence:", "channel:", "form:")
    remarks = (*bare, "cadence stronger", "lead differs", "no lead named")
    samples = load_samples()
    for rows in (samples.worked_rows, samples.source_rows):
        for found in MATCHER.compare(rows).cells:
            counted = [one for one in found.differences if not one.startswith(remarks)]
            assert bool(counted) == (found.status is Status.PARTIAL), found


def test_the_worked_example() -> None:
    samples = load_samples()
    figures = worked_figures(MATCHER.compare(samples.worked_rows), samples.worked)
    assert figures["firm cells"] == 45
    assert figures["F1 of met"] >= 0.85
    assert figures["best row cited"] >= 0.9
    assert figures["status right"] >= 0.85


def test_the_plan_the_set_comes_from_covers_it_by_its_own_rows() -> None:
    samples = load_samples()
    own = {one.id: one.source_path for one in MATCHER.criteria.criteria}
    for found in MATCHER.compare(samples.source_rows).cells:
        assert found.status is Status.COVERED, found
        assert own[found.criterion] in [one.path for one in found.rows]


def test_changed_plans() -> None:
    samples = load_samples()
    pairs = []
    for one in variants(samples.source_rows, MATCHER.criteria, 8, seed=7):
        given = statuses(MATCHER.compare(one.rows))
        pairs += [(truth, given[name]) for name, truth in one.answers.items()]
    assert {truth for truth, _ in pairs} == set(Status)
    assert macro_f1(pairs) >= 0.9


def test_the_same_rows_give_the_same_answer() -> None:
    rows: Sequence[TaskRow] = load_samples().worked_rows
    first, second = (MATCHER.compare(rows).to_record() for _ in range(2))
    assert first == second
    other = Matcher(load_set("hai_phong_5049")).compare(rows).to_record()
    assert other == first


def test_the_record_has_the_shape_of_the_worked_example() -> None:
    worked = json.loads(WORKED.read_text(encoding="utf-8"))
    record = MATCHER.compare(load_samples().worked_rows, "000", "Lê Chân").to_record()
    assert set(worked) <= set(record)
    assert [one["criterion"] for one in record["criteria"]] == [one["criterion"] for one in worked["criteria"]]
    for mine, theirs in zip(record["criteria"], worked["criteria"], strict=True):
        assert set(theirs) <= set(mine)
        assert len(mine["task_ids"]) == len(mine["rows"])
