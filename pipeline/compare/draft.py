"""A set of criteria drafted from an upper-level plan, for a person to edit."""

from __future__ import annotations

from typing import Any

import yaml

from pipeline.compare.plans import Plan
from pipeline.compare.prepared import COUNTED


def draft_from_plan(plan: Plan, set_id: str) -> dict[str, Any]:
    """The plain data of a set with a criterion for each task and request of the plan, its lead, cadence and date."""
    rows = [row for row in plan.rows if row.kind in COUNTED]
    title = plan.document.get("title") or plan.name
    criteria = []
    for row in rows:
        criteria.append(
            {
                "id": row.path,
                "text": row.text,
                "source_path": row.path,
                "cadence": row.recurrence,
                "due": row.due,
                "target": row.target_text,
                "expected_lead": list(row.lead),
            }
        )
    return {
        "id": set_id,
        "title": f"Nhiệm vụ của kế hoạch: {title}",
        "version": 1,
        "valid_from": plan.issued,
        "valid_to": None,
        "rebuilt": True,
        "source": f"Lập tự động từ {plan.document.get('doc_number') or plan.name}; người sửa lại trước khi dùng.",
        "criteria": criteria,
    }


def to_yaml(data: dict[str, Any]) -> str:
    """The set as YAML to edit."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
