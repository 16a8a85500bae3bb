"""What a document says of itself, corrected by people: its form, and saving what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.desk.fields import NOTHING, Clash, FieldView
from pipeline.records import DOCUMENT_FIELDS, PAGE, Conflict, FieldValue, MergedDocument
from pipeline.records.changes import Desk
from pipeline.records.merged import load_document
from pipeline.store.engine import writing
from pipeline.store.store import Store

FORM = ("title", "issuer", "doc_type", "doc_number", "issued_date", "signer")
"""The fields of the form in its order: keys of `DOCUMENT_FIELDS`."""
LONG = frozenset({"title", "issuer"})


def fact_views(merged: MergedDocument, filled: Mapping[str, str] | None = None) -> list[FieldView]:
    """The form of a document; `filled` is what somebody filled in and could not be stored."""
    return [_view(name, merged.fields[name], filled or {}) for name in FORM]


def _view(name: str, field: FieldValue, filled: Mapping[str, str]) -> FieldView:
    shape = DOCUMENT_FIELDS[name]
    value = filled.get(name, shape.show(field.value))
    widget = "long" if name in LONG else "day" if shape.shape == "day" else "line"
    corrected = field.human and (field.value != field.machine or field.conflict)
    machine = (shape.show(field.machine) or NOTHING) if corrected else None
    rows = 3 if name == "title" else 2
    return FieldView(name, shape.label, widget, value, rows, (), machine, corrected, field.conflict)


def changed_facts(merged: MergedDocument, filled: Mapping[str, str]) -> dict[str, str]:
    """The fields that were filled in otherwise than they stand, with what was filled in."""
    plain = {name: " ".join(filled[name].split()) for name in FORM if name in filled}
    return {name: value for name, value in plain.items() if value != _stands(merged, name)}


def _stands(merged: MergedDocument, name: str) -> str:
    return " ".join(DOCUMENT_FIELDS[name].show(merged.fields[name].value).split())


def fact_clashes(now: MergedDocument, filled: Mapping[str, str]) -> list[Clash]:
    """Where what was filled in is not what is stored now."""
    return [
        Clash(DOCUMENT_FIELDS[name].label, _stands(now, name) or NOTHING, value or NOTHING)
        for name, value in changed_facts(now, filled).items()
    ]


def save_facts(store: Store, document_id: str, who: str, version: int, filled: Mapping[str, str]) -> MergedDocument:
    """The document after the corrections of one form by `who`, who saw it at `version`: all of them or none.

    Raises `Conflict` where somebody was faster, `BadValue` where a value means nothing, `NoSuchRow`.
    """

    def work(desk: Desk, seen: MergedDocument) -> MergedDocument:
        for name, value in changed_facts(seen, filled).items():
            seen = desk.decide_document(document_id, name, value, seen.version)
        return seen

    return _at_version(store, document_id, who, version, work)


def revert_facts(store: Store, document_id: str, who: str, version: int) -> MergedDocument:
    """The document with what the machine read in every field that people hold; raises as `save_facts` does."""

    def work(desk: Desk, seen: MergedDocument) -> MergedDocument:
        for name, field in seen.fields.items():
            if field.human:
                seen = desk.revert_document(document_id, name, seen.version)
        return seen

    return _at_version(store, document_id, who, version, work)


def _at_version(
    store: Store, document_id: str, who: str, version: int, work: Callable[[Desk, MergedDocument], MergedDocument]
) -> MergedDocument:
    with writing(store.engine) as connection:
        seen, desk = load_document(connection, document_id), Desk(connection, who, PAGE)
        if seen.version != version:
            raise Conflict(None, None, None, seen.changed_by, seen.version)
        return work(desk, seen)
