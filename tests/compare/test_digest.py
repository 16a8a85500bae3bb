"""Only changed plans are compared again, and what changed is said."""

from __future__ import annotations

from dataclasses import replace

from pipeline.compare.accuracy import load_samples
from pipeline.compare.digest import compare_changed, digest, plans_of_listing
from pipeline.compare.match import Matcher
from pipeline.compare.sets import load_set
from pipeline.listing import Listing

MATCHER = Matcher(load_set("hai_phong_5049"))


def test_only_what_changed_is_compared_again() -> None:
    plans = list(load_samples().plans)
    first, compared = compare_changed(plans, MATCHER, ())
    assert compared == len(plans)
    again, compared = compare_changed(plans, MATCHER, first)
    assert (again, compared) == (first, 0)
    gone = [row for row in plans[1].rows if row.path != "II/4/a/(3)"]
    changed, compared = compare_changed([plans[0], replace(plans[1], rows=tuple(gone)), plans[2]], MATCHER, first)
    assert compared == 1
    lines = digest(first, changed)
    assert f"{plans[1].name}: tiêu chí 4.1.3 từ “đáp ứng” thành “thiếu”." in lines
    assert f"{plans[3].name}: không còn kế hoạch." in lines
    assert len(lines) == 2
    assert digest(changed, first)[-1].startswith(f"{plans[1].name}: tiêu chí 4.1.3 từ “thiếu”")


def test_a_listing_is_its_plans() -> None:
    plan = load_samples().plans[0]
    rows = tuple(replace(row, document_id=plan.document_id) for row in plan.rows)
    (found,) = plans_of_listing(Listing((plan.document | {"document_id": plan.document_id},), rows))
    assert (found.name, len(found.rows), found.document_id) == (plan.name, len(plan.rows), plan.document_id)
