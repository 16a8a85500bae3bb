"""Times of work: the hand-written cases, the rules' own examples, and properties that hold for any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.facts.deadline_contexts import NOT_A_DEADLINE, PLACES_OF_A_TIME
from extractors.facts.deadline_dates import DATED
from extractors.facts.deadline_repeats import REPEATED
from extractors.facts.deadline_sayings import BACKWARDS, NO_YEAR, resolve
from extractors.facts.deadline_undated import RELATIVE, UNDATED
from extractors.facts.deadlines import Timing, combine, find_deadlines, read_time
from extractors.facts.rules import find, view
from schemas.facts import Qualifier

CASES: dict[str, list[Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "deadlines.yaml").read_text(encoding="utf-8")
)
EXPRESSIONS = CASES["from_plans"] + CASES["own"]
TABLES = {"dated": DATED, "repeated": REPEATED, "relative": RELATIVE, "undated": UNDATED}


def told(timing: Timing) -> tuple[str | None, str | None, str | None]:
    return timing.period.start, timing.period.due, timing.period.recurrence


def expected(case: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    return case.get("start"), case.get("due"), case.get("recurrence")


def as_time(case: dict[str, Any]) -> Timing:
    return read_time(case["text"], head=case.get("head", ""), plan_year=case.get("year"))


def as_running(case: dict[str, Any]) -> Timing:
    return combine(find_deadlines(case["text"], plan_year=case.get("year")))


@pytest.mark.parametrize("case", EXPRESSIONS, ids=lambda case: case["text"])
def test_a_known_time_is_read(case: dict[str, Any]) -> None:
    timing = as_time(case)
    assert told(timing) == expected(case)
    assert bool(timing.doubts) == case.get("doubt", False)
    assert timing.text == case["text"]


@pytest.mark.parametrize(
    "case", [c for c in EXPRESSIONS if c.get("as") != "time"] + CASES["running"], ids=lambda case: case["text"]
)
def test_a_time_is_found_in_running_text(case: dict[str, Any]) -> None:
    timing = as_running(case)
    assert told(timing) == expected(case)
    assert bool(timing.doubts) == case.get("doubt", False)


@pytest.mark.parametrize("text", CASES["not_a_deadline"])
def test_dates_of_other_things_are_no_deadlines(text: str) -> None:
    assert [d for d in find_deadlines(text, plan_year=2026) if d.period or d.doubt] == []


def test_the_share_of_real_expressions_read_right(record_property: pytest.RecordProperty) -> None:
    cases = CASES["from_plans"]
    share = sum(told(as_time(case)) == expected(case) for case in cases) / len(cases)
    record_property("share", share)
    print(f"{share:.1%} of {len(cases)} expressions of real plans read right")
    assert len(cases) == 89
    assert share >= 0.95


@pytest.mark.parametrize("name", TABLES)
def test_each_rule_reads_its_examples(name: str) -> None:
    table = TABLES[name]
    for entry in table:
        for text, period in entry.examples:
            (hit,) = find(table, view(text))
            assert (hit.rule.name, resolve(hit.said, None)[0]) == (entry.name, period), text


@pytest.mark.parametrize("context", NOT_A_DEADLINE, ids=lambda context: context.name)
def test_contexts_that_unmake_a_deadline(context: Any) -> None:
    assert context.examples
    for text in context.examples:
        assert [d for d in find_deadlines(text, plan_year=2026) if d.period] == [], text


@pytest.mark.parametrize("context", PLACES_OF_A_TIME, ids=lambda context: context.name)
def test_places_that_make_a_bare_year_a_time(context: Any) -> None:
    for text in context.examples:
        assert any(d.period for d in find_deadlines(text)), text


def test_every_recurrence_parses() -> None:
    rules = {rule for case in EXPRESSIONS + CASES["running"] for rule in (case.get("recurrence") or "").split()}
    assert len(rules) >= 8
    for rule in rules:
        assert rrulestr(rule)


def test_of_several_acts_the_first_start_and_the_last_due() -> None:
    timing = as_running({"text": "Sơ kết trong tháng 6/2026; tổng kết trước ngày 15/12/2026."})
    assert told(timing) == ("2026-06-01", "2026-12-15", None)
    assert timing.text == "trong tháng 6/2026; trước ngày 15/12/2026"
    assert timing.qualifier is Qualifier.BEFORE


def test_recurrences_are_joined_once_in_order() -> None:
    timing = as_running({"text": "Hằng quý họp giao ban; báo cáo hằng năm; kiểm tra hằng quý."})
    assert timing.period.recurrence == "FREQ=MONTHLY;INTERVAL=3 FREQ=YEARLY"


def test_a_day_without_any_year_is_a_doubt() -> None:
    (deadline,) = find_deadlines("Báo cáo trước ngày 15/12.")
    assert not deadline.period
    assert deadline.doubt == NO_YEAR


def test_contradicting_dates_are_a_doubt() -> None:
    timing = as_running({"text": "Hoàn thành trước ngày 30/6/2025; triển khai từ ngày 01/01/2026."})
    assert told(timing) == (None, "2025-06-30", None)
    assert timing.doubts == (BACKWARDS,)


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("trước ngày 30/6/2026", Qualifier.BEFORE),
        ("chậm nhất ngày 30/6/2026", Qualifier.BY),
        ("ngày 30/6/2026", Qualifier.ON),
        ("từ ngày 30/6/2026", Qualifier.FROM),
        ("Quý II/2026", Qualifier.WITHIN),
        ("hằng năm", Qualifier.EVERY),
    ],
)
def test_how_a_deadline_binds(text: str, qualifier: Qualifier) -> None:
    assert read_time(text).qualifier is qualifier


@given(text=st.text(max_size=120))
def test_the_view_keeps_the_length(text: str) -> None:
    assert len(view(text)) == len(text)


def test_typing_variants_mean_the_same() -> None:
    for text in ("Qúy II / 2026", "quí II/2026", "QUÝ II NĂM 2026", "Quý II–2026", "quý  II/2026"):
        assert told(read_time(text)) == ("2026-04-01", "2026-06-30", None), text


def test_decomposed_letters_keep_their_offsets() -> None:
    text = "Nộp báo cáo trước nga\u0300y 30/6/2026 nhe\u0301."
    (deadline,) = find_deadlines(text)
    assert deadline.period.due == "2026-06-30"
    assert text[deadline.start : deadline.end] == deadline.text == "trước nga\u0300y 30/6/2026"


WORDS = st.sampled_from(
    [
        "từ",
        "đến",
        "trước",
        "chậm",
        "nhất",
        "hết",
        "trong",
        "ngày",
        "tháng",
        "quý",
        "năm",
        "hằng",
        "hàng",
        "định",
        "kỳ",
        "lần",
        "/",
        "-",
        "–",
        ",",
        ".",
        ";",
        "(",
        ")",
        "1",
        "02",
        "30",
        "31",
        "12",
        "II",
        "IV",
        "2025",
        "2026",
        "30/6",
        "31/02/2026",
        "6",
        "cuối",
        "đầu",
        "giai",
        "đoạn",
        "và",
        "các",
        "năm",
        "tiếp",
        "theo",
        "trở",
        "đi",
        "thứ",
        "giờ",
        ":",
        "kể",
        "24/7",
        "ngày",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=14).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT, year=st.one_of(st.none(), st.integers(2000, 2099)))
def test_any_text_is_read_without_error(text: str, year: int | None) -> None:
    for deadline in find_deadlines(text, plan_year=year):
        assert text[deadline.start : deadline.end] == deadline.text
        assert not (deadline.period.start and deadline.period.due) or deadline.period.start <= deadline.period.due
    for timing in (combine(find_deadlines(text, plan_year=year)), read_time(text, head=text, plan_year=year)):
        start, due, recurrence = told(timing)
        assert not (start and due) or start <= due
        for rule in (recurrence or "").split():
            assert rrulestr(rule)
