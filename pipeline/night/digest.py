"""The digest of a night: what is new, what wants a look, what was refused, what falls due, who has sent nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

from pipeline.communes.report import WORDS, Report, Sent
from pipeline.exports.columns import document_name
from pipeline.exports.words import day_words
from pipeline.store.news import new_documents
from pipeline.store.queries import count_tasks, find_refused, find_tasks
from pipeline.store.store import Store
from pipeline.store.versions import find_versions
from pipeline.task_filter import TaskFilter

MOST_LINES = 200
"""Lines of a list in the digest; the rest is counted and stands in the tables."""


@dataclass(frozen=True, slots=True)
class Due:
    """The duties that fall due in the next `days` days: how many, and the first of them by their day."""

    days: int
    until: str
    count: int
    lines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What staff read in the morning; `since` is the moment from which on something is new, None: all there is.

    `changes` are sentences of the comparisons, `report` that of the communes.
    """

    made_at: datetime
    since: datetime | None
    new: tuple[dict[str, Any], ...]
    refused: tuple[dict[str, Any], ...]
    refused_before: int
    due: tuple[Due, ...]
    changes: tuple[str, ...]
    report: Report
    faults: tuple[str, ...] = ()
    versions: int = 0
    """Proposals of new versions that wait for a person."""

    @property
    def review(self) -> tuple[dict[str, Any], ...]:
        """The new documents with rows that want a look."""
        return tuple(line for line in self.new if line["n_review"])

    @property
    def has_news(self) -> bool:
        """Whether anything is worth a letter."""
        return bool(self.new or self.refused or self.changes or self.faults or any(due.count for due in self.due))

    def headline(self) -> str:
        """The digest in one line, for the subject of a letter and the end of a run."""
        rows = sum(line["n_review"] for line in self.new)
        parts = [
            f"{len(self.new)} văn bản mới",
            f"{rows} dòng cần xem lại",
            f"{len(self.refused)} tệp không đọc được",
        ]
        parts += [f"{due.count} việc đến hạn trong {due.days} ngày" for due in self.due[:1]]
        return ", ".join(parts)


def make_digest(
    store: Store,
    report: Report,
    days: Sequence[int],
    now: datetime,
    since: datetime | None = None,
    changes: Sequence[str] = (),
    faults: Sequence[str] = (),
) -> Digest:
    """The digest of the store at `now`; due days count from the day of `now`, in its own zone."""
    refused = find_refused(store)
    fresh = tuple(line for line in refused if since is None or _aware(line["last_seen"]) > since)
    return Digest(
        now,
        since,
        new_documents(store, since),
        fresh,
        len(refused) - len(fresh),
        tuple(_due(store, now.date(), count) for count in sorted(set(days))),
        tuple(changes),
        report,
        tuple(faults),
        len(find_versions(store)),
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps no zone


def _due(store: Store, today: date, days: int) -> Due:
    last = today + timedelta(days=days)
    wanted = TaskFilter(due_from=today, due_to=last, sort="due")
    count = count_tasks(store, wanted, today)
    listing = find_tasks(store, replace(wanted, limit=MOST_LINES), today)
    documents = listing.by_id()
    lines = tuple(documents[row.document_id] | row.to_record() for row in listing.rows)
    return Due(days, last.isoformat(), count, lines)


def digest_html(digest: Digest) -> str:
    """The digest as one page that needs nothing else: no script, no picture, no address."""
    from jinja2 import Environment

    page = resources.files("pipeline.night").joinpath("digest.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(day=day_words, cited=document_name, few=_few)
    return environment.from_string(page).render(d=digest, words=WORDS, sent=list(Sent), most=MOST_LINES) + "\n"


def _few(lines: Sequence[Any]) -> Sequence[Any]:
    return lines[:MOST_LINES]


def digest_text(digest: Digest) -> str:
    """The digest in a few plain lines, for readers of mail without pages."""
    counts = digest.report.counts()
    lines = [f"Bản tin giaoviec ngày {digest.made_at:%d/%m/%Y}: {digest.headline()}.", ""]
    lines += [f"- Mới: {document_name(line)}, {'; '.join(line['communes'])}" for line in _few(digest.new)]
    lines += [f"- Không đọc được: {line['path']}: {line['message']}" for line in _few(digest.refused)]
    lines += [f"- Đối chiếu: {sentence}" for sentence in _few(digest.changes)]
    lines += [f"- Lưu ý: {fault}" for fault in digest.faults]
    lines += [f"- Đến hạn trong {due.days} ngày: {due.count} việc." for due in digest.due]
    lines += [f"- {digest.report.province}, kế hoạch năm {digest.report.year}: "]
    lines[-1] += "; ".join(f"{counts[kind]} đơn vị {WORDS[kind]}" for kind in Sent) + "."
    return "\n".join(lines) + "\n"
