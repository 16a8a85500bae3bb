"""Files of what the store holds by a filter: those that need its memory (calendars) and all others alike."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from typing import IO

from pipeline.exports.events import Holidays, events_of
from pipeline.exports.ics import write_events
from pipeline.exports.table import EXPORTS
from pipeline.listing import Listing
from pipeline.store.calendar_memory import remember
from pipeline.store.queries import find_tasks
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.errors import StoreError

HOLIDAYS_VARIABLE = "GIAOVIEC_HOLIDAYS"
BAD_HOLIDAYS = f"Biến môi trường {HOLIDAYS_VARIABLE} phải là một trong: {', '.join(Holidays)}."


def write_stored(
    store: Store,
    wanted: TaskFilter,
    name: str,
    stream: IO[bytes],
    holidays: Holidays | None = None,
    today: date | None = None,
) -> Listing:
    """Write what a filter finds in the format `name` (a key of `EXPORTS`) to a stream; return what was written.

    `holidays` None is the setting of the environment. A calendar is remembered: see `store.calendar_memory`.
    """
    listing = find_tasks(store, wanted, today)
    if name == "ics":
        chosen = holidays if holidays is not None else holidays_setting()
        write_events(remember(store, wanted, chosen, events_of(listing, chosen)), stream, chosen)
    else:
        EXPORTS[name].write(listing, stream)
    return listing


def holidays_setting(environ: Mapping[str, str] | None = None) -> Holidays:
    """What becomes of events on days off, by the environment: they stay, unless it says "before" or "after"."""
    written = (os.environ if environ is None else environ).get(HOLIDAYS_VARIABLE, "").strip()
    if not written:
        return Holidays.KEEP
    if written not in set(Holidays):
        raise StoreError(BAD_HOLIDAYS)
    return Holidays(written)
