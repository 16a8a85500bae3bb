"""The fields of a row in the words of an office."""

from __future__ import annotations

from schemas.task import Kind

KINDS = {
    Kind.OBJECTIVE: "Mục tiêu",
    Kind.REQUIREMENT: "Yêu cầu",
    Kind.TASK: "Nhiệm vụ",
    Kind.REQUEST: "Đề nghị",
    Kind.MILESTONE: "Mốc thời gian",
    Kind.RESOURCE: "Kinh phí",
}
UNITS = {"DAILY": "ngày", "WEEKLY": "tuần", "MONTHLY": "tháng", "YEARLY": "năm"}
USUAL = {("MONTHLY", 3): "hằng quý"}


def recurrence_words(recurrence: str | None) -> str:
    """The recurrence as it is said; a rule of another shape stays as it is.

    >>> recurrence_words("FREQ=MONTHLY;INTERVAL=3")
    'hằng quý'
    >>> recurrence_words("FREQ=MONTHLY;INTERVAL=6 FREQ=YEARLY")
    '6 tháng/lần, hằng năm'
    >>> recurrence_words(None)
    ''
    """
    return ", ".join(_rule_words(rule) for rule in (recurrence or "").split())


def _rule_words(rule: str) -> str:
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    unit = UNITS.get(parts.get("FREQ", ""))
    if unit is None or parts.keys() - {"FREQ", "INTERVAL"}:
        return rule
    if (parts["FREQ"], interval) in USUAL:
        return USUAL[parts["FREQ"], interval]
    return f"hằng {unit}" if interval == 1 else f"{interval} {unit}/lần"


def day_words(iso: str | None) -> str:
    """The day as it is written.

    >>> day_words("2026-06-30")
    '30/06/2026'
    """
    return "/".join(reversed(iso.split("-"))) if iso else ""
