"""What the pages cost: `python -m pipeline.desk.bench` makes 10,000 and 100,000 tasks, measures every screen on both.

Ratios are taken within one run, while another process keeps writing documents: a page against the SQL that it sends,
replayed on the bare driver by turns with it; the same page at ten times the tasks; a workbook against XlsxWriter
writing the same cells. Figures are medians of CPU seconds, as the machine may be busy; with `--database URL` (an
empty PostgreSQL database, whose work is its server's) of seconds on the wall. Ends with 1 where a limit is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from sqlalchemy import event, make_url

from pipeline.desk.app import build_desk
from pipeline.desk.bench_data import ROWS_A_PLAN, fill, plan, save
from pipeline.settings import Settings
from pipeline.store.queries import find_tasks
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter

FEW, MANY = 10_000, 100_000
TURNS = 31
MOST_PAGE, MOST_GROWTH, MOST_WORKBOOK, MOST_WEIGHT = 3.0, 1.5, 3.0, 300_000


@dataclass(frozen=True, slots=True)
class Page:
    """A screen to measure; `why` says what keeps it from the limits, where it is only stated."""

    name: str
    path: str
    method: str = "GET"
    why: str = ""


AGGREGATE = "đếm mọi dòng"
COMPUTES = "việc tính, không phải SQL"
PAGES = (
    Page("Hộp thư", "/hop-thu"),
    Page("… bảng tự làm mới", "/hop-thu/bang"),
    Page("… có dòng cần xem", "/hop-thu?state=doubt"),
    Page("Bảng nhiệm vụ", "/nhiem-vu"),
    Page("… một cơ quan", "/nhiem-vu?body=tram+y+te&role=lead"),
    Page("… từ có dấu", "/nhiem-vu?words=đối+thoại"),
    Page("… từ không dấu", "/nhiem-vu?words=doi+thoai"),
    Page("… từ hiếm", "/nhiem-vu?words=976"),
    Page("… từ hiếm giữa từ thường", "/nhiem-vu?words=lĩnh+vực+77"),
    Page("… quá hạn", "/nhiem-vu?overdue=1"),
    Page("… quá hạn, theo hạn", "/nhiem-vu?overdue=1&sort=due"),
    Page("… từ có dấu, quá hạn", "/nhiem-vu?words=đối+thoại&overdue=1"),
    Page("… theo hạn, trang 20", "/nhiem-vu?sort=due&page=20"),
    Page("… cần xem", "/nhiem-vu?needs_review=1"),
    Page("… một xã", "/nhiem-vu?commune=xa+7"),
    Page("Thống kê", "/nhiem-vu/thong-ke", why=AGGREGATE),
    Page("Thống kê một văn bản", "/nhiem-vu/thong-ke?document={document}"),
    Page("Lịch .ics một văn bản", "/nhiem-vu/lich.ics?document={document}", "POST", COMPUTES),
    Page("Duyệt", "/duyet/{task}"),
    Page("Văn bản, danh sách", "/van-ban"),
    Page("Văn bản (100 dòng)", "/van-ban/{document}"),
    Page("Ma trận (100 xã)", "/ma-tran", why=COMPUTES),
    Page("So sánh, chọn", "/so-sanh"),
    Page("So sánh hai bản", "/so-sanh?cu={document}&moi={other}", why=COMPUTES),
    Page("Nhận Excel", "/nhan-excel"),
    Page("Nhật ký", "/nhat-ky"),
    Page("Nhật ký khác", "/nhat-ky?loai=khac"),
    Page("Người dùng", "/nguoi-dung"),
    Page("API tasks", "/api/v1/tasks"),
    Page("API tasks, trang 20", "/api/v1/tasks?page=20"),
    Page("API documents", "/api/v1/documents"),
    Page("API bodies", "/api/v1/bodies", why=AGGREGATE),
)


@contextmanager
def written_to(url: str, first: int) -> Iterator[None]:
    """While a process writes plans into the database."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    writer = context.Process(target=_write_on, args=(url, first, stop), daemon=True)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join(30)


def _write_on(url: str, first: int, stop: Any) -> None:
    """Save one new plan after another, as ingestion does, until told to stop."""
    store = Store.open(url)
    number = first
    while not stop.wait(0.2):
        save(store, number)
        number += 1


@dataclass(frozen=True, slots=True)
class PageCost:
    """A page: its seconds, those of the bare SQL that it sends (opening a connection, and on an open one), bytes."""

    seconds: float
    bare: float
    kept: float
    weight: int
    statements: int


def measure_pages(settings: Settings) -> dict[str, PageCost]:
    """The cost of each page of `PAGES` over a filled store."""
    return asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, PageCost]:
    app = build_desk(settings)
    url = settings.database_url
    clock = time.process_time if url.startswith("sqlite") else time.perf_counter
    rows = find_tasks(app.state.desk.store, TaskFilter(document=plan(7).raw.source.document_id, limit=1)).rows
    names = {"task": rows[0].task_id, "document": rows[0].document_id, "other": plan(8).raw.source.document_id}
    found = {}
    with closing(connect(url)) as kept:
        for page in PAGES:
            ask = partial(_ask, app, page, page.path.format_map(names))
            await ask()  # what is read once is read
            sent, weight = await _listened(app, ask)
            took: list[list[float]] = [[], [], []]
            for _ in range(TURNS):
                begun = clock()
                await ask()
                took[0].append(clock() - begun)
                for place, work in ((1, partial(replay_anew, url, sent)), (2, partial(replay, kept, sent))):
                    begun = clock()
                    work()
                    took[place].append(clock() - begun)
            page_took, bare, on_open = (median(one) for one in took)
            found[page.name] = PageCost(page_took, bare, on_open, weight, len(sent))
    return found


async def _listened(app: FastAPI, ask: Callable[[], Any]) -> tuple[list[tuple[str, Any]], int]:
    """The questions that a page asks, and its bytes."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")) and not many:
            sent.append((statement, values))

    engine = app.state.desk.store.engine
    event.listen(engine, "before_cursor_execute", note)
    weight = await ask()
    event.remove(engine, "before_cursor_execute", note)
    return sent, weight


async def _ask(app: FastAPI, page: Page, path: str) -> int:
    """Ask the application as the server does, without a network between; return the bytes of the page."""
    way, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": page.method,
        "scheme": "http",
        "path": way,
        "raw_path": way.encode(),
        "query_string": quote(query, safe="=&+").encode(),
        "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 80),
        "root_path": "",
    }
    told: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    await app(scope, receive, send)
    assert told[0]["status"] == 200, (path, told[0]["status"])
    return sum(len(message.get("body", b"")) for message in told)


def connect(url: str) -> Any:
    """A connection of the bare driver."""
    if url.startswith("sqlite"):
        return sqlite3.connect(str(make_url(url).database), isolation_level=None)
    import psycopg

    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True)


def replay_anew(url: str, sent: list[tuple[str, Any]]) -> int:
    """The same on a connection opened for it."""
    with closing(connect(url)) as connection:
        return replay(connection, sent)


def replay(connection: Any, sent: list[tuple[str, Any]]) -> int:
    """Send the statements on the bare driver, every line fetched; return how many lines."""
    return sum(len(connection.execute(statement, values).fetchall()) for statement, values in sent)


def measure_workbook(store: Store) -> tuple[float, float]:
    """Seconds of the workbook of 10,000 rows, and of XlsxWriter writing the same cells plainly."""
    import openpyxl
    import xlsxwriter

    from pipeline.exports import EXPORTS

    listing = find_tasks(store, TaskFilter(limit=FEW))
    made = io.BytesIO()
    EXPORTS["xlsx"].write(listing, made)
    book = openpyxl.load_workbook(io.BytesIO(made.getvalue()), read_only=True)
    sheets = [[list(line) for line in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]

    def write_plainly() -> None:
        with xlsxwriter.Workbook(io.BytesIO(), {"default_date_format": "dd/mm/yyyy"}) as plain:
            for lines in sheets:
                sheet = plain.add_worksheet()
                for at, line in enumerate(lines):
                    for place, value in enumerate(line):
                        if value is not None:
                            sheet.write(at, place, value)

    return _seconds(lambda: EXPORTS["xlsx"].write(listing, io.BytesIO())), _seconds(write_plainly)


def _seconds(work: Callable[[], object]) -> float:
    took = []
    for _ in range(3):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return median(took)


def report(few: dict[str, PageCost], many: dict[str, PageCost]) -> bool:
    """Print the figures of the pages; return whether every limit is kept."""
    good = True
    head = f"{'ms':>8}{'SQL ms':>9}{'× SQL':>8}{'× SQL nối sẵn':>15}{'× 10.000':>10}{'kB':>6}{'câu':>5}"
    print(f"{'trang':24}{head}")
    for page in PAGES:
        cost = many[page.name]
        ratio, growth = cost.seconds / cost.bare, cost.seconds / few[page.name].seconds
        kept = ratio <= MOST_PAGE and growth <= MOST_GROWTH and cost.weight <= MOST_WEIGHT
        good = good and (kept or bool(page.why))
        figures = f"{cost.seconds * 1e3:8.1f}{cost.bare * 1e3:9.1f}{ratio:8.2f}{cost.seconds / cost.kept:15.2f}"
        rest = f"{growth:10.2f}{cost.weight / 1e3:6.0f}{cost.statements:5}"
        print(f"{page.name:24}{figures}{rest}{'' if kept else f'  ({page.why})' if page.why else '  quá mức'}")
    return good


def main() -> int:
    """Measure and say whether the limits are kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", help="an empty PostgreSQL database; filled twice, the second time further")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for tasks in (FEW, MANY):
            place = Path(folder) / str(tasks)
            place.mkdir()
            settings = Settings(place, asked.database or f"sqlite:///{place}/giaoviec.db")
            store = Store.open(settings.database_url)
            fill(store, tasks)
            with written_to(settings.database_url, tasks // ROWS_A_PLAN):
                found.append(measure_pages(settings))
        good = report(*found)
        made, plainly = measure_workbook(store)
        print(f"Excel {FEW:,} dòng: {made:.2f} s, {made / plainly:.2f} × XlsxWriter".replace(",", "."))
        return 0 if good and made / plainly <= MOST_WORKBOOK else 1


if __name__ == "__main__":
    sys.exit(main())
