"""What the pages cost: `python -m pipeline.desk.bench` makes 10,000 and 100,000 tasks and measures pages on both.

Ratios are taken within one run, each side the median of several turns, while another process keeps writing documents:
a page against the SQL that it sends, replayed on the bare driver; the same page at ten times the tasks; a workbook
against XlsxWriter writing the same cells. Ends with 1 where a limit is broken.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from sqlalchemy import event

from pipeline.desk.app import build_desk
from pipeline.settings import Settings
from pipeline.store.queries import find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from schemas.extraction import Extraction
from schemas.plan import Marker, Node, PlanHeader, PlanTree, Style
from schemas.restored import RestoredDocument
from schemas.source import Line, RawDocument, SourceFile
from schemas.task import Kind, LeadBasis, TaskRow

ROWS_A_PLAN = 100
FEW, MANY = 10_000, 100_000
TURNS = 15
MOST_PAGE, MOST_GROWTH, MOST_WORKBOOK, MOST_WEIGHT = 3.0, 1.5, 3.0, 300_000
BODIES = (
    "Sở Nội vụ",
    "Công an phường",
    "Văn phòng HĐND và UBND",
    "Phòng Văn hóa - Xã hội",
    "Trạm Y tế",
    "Đoàn Thanh niên",
)
ACTS = ("Tổ chức đối thoại", "Niêm yết công khai", "Rà soát thủ tục", "Tập huấn nghiệp vụ", "Kiểm tra việc thực hiện")
PAGES = {
    "Hộp thư": "/hop-thu",
    "Bảng nhiệm vụ": "/nhiem-vu",
    "… một cơ quan": "/nhiem-vu?body=tram+y+te&role=lead",
    "… từ có dấu": "/nhiem-vu?words=đối+thoại",
    "… theo hạn, trang 20": "/nhiem-vu?sort=due&page=20",
    "… cần xem": "/nhiem-vu?needs_review=1",
    "Duyệt": "/duyet/{task}",
    "Văn bản": "/van-ban/{document}",
}


def plan(number: int) -> Extraction:
    """A plan of `ROWS_A_PLAN` rows; the same number gives the same plan."""
    content = f"Kế hoạch {number}"
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    source = SourceFile(Path("/") / f"{number}.txt", f"ke_hoach_{number:05}.txt", sha256, len(content))
    raw = RawDocument(source, "text", (Line(content),), content)
    header = PlanHeader(
        issuer=f"Ủy ban nhân dân xã {number}",
        issuer_level="xã",
        doc_type="Kế hoạch",
        number=f"{number}/KH-UBND",
        issued_date=f"20{20 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}",
        title=f"Cải cách hành chính năm 20{20 + number % 7}",
    )
    tree = PlanTree(header, (Node(Marker(Style.ROMAN, "II", "II."), "II", "NHIỆM VỤ"),))
    rows = tuple(_row(source.document_id, number, at) for at in range(ROWS_A_PLAN))
    return Extraction(raw, RestoredDocument(raw, raw.blocks), tree, rows, {"row": len(rows), "unplaced": 0})


def _row(document_id: str, number: int, at: int) -> TaskRow:
    seed = number * ROWS_A_PLAN + at
    act, lead = ACTS[seed % len(ACTS)], BODIES[seed % len(BODIES)]
    return TaskRow(
        f"II/{1 + at // 10}/-{1 + at % 10}",
        Kind.TASK,
        f"{act} về lĩnh vực {seed % 977} trên địa bàn xã {number}, bảo đảm đúng tiến độ, đúng quy định hiện hành.",
        (lead,),
        (BODIES[(seed + 3) % len(BODIES)],),
        due=f"20{20 + seed % 7}-{1 + seed % 12:02}-{1 + seed % 28:02}" if seed % 3 else None,
        task_id=f"{document_id}-{at:010}",
        document_id=document_id,
        section="II",
        section_title="NHIỆM VỤ",
        heading_path=("NHIỆM VỤ",),
        source_text=act,
        lead_basis=LeadBasis.EXPLICIT,
        needs_review=seed % 20 == 0,
        review_reasons=("Hai thời hạn khác nhau.",) if seed % 20 == 0 else (),
    )


def fill(store: Store, tasks: int) -> None:
    """Put so many tasks into the store."""
    for number in range(tasks // ROWS_A_PLAN):
        _save(store, number)


def _save(store: Store, number: int) -> None:
    made = plan(number)
    source = made.raw.source
    store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, f"Xã {number % 114}"))


def _write_on(url: str, first: int, stop: Any) -> None:
    """Save one new plan after another, as ingestion does, until told to stop."""
    store = Store.open(url)
    number = first
    while not stop.wait(0.2):
        _save(store, number)
        number += 1


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


def seconds(work: Callable[[], object], turns: int = TURNS) -> float:
    """The median of the CPU seconds (of all threads) that `work` takes: the machine may be busy."""
    took = []
    for _ in range(turns):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return median(took)


@dataclass(frozen=True, slots=True)
class PageCost:
    """A page: its seconds, those of the bare SQL that it sends, its bytes."""

    seconds: float
    bare: float
    weight: int


def measure_pages(settings: Settings) -> dict[str, PageCost]:
    """The cost of each page of `PAGES` over a filled store."""
    app = build_desk(settings)
    engine = app.state.desk.store.engine
    row = find_tasks(app.state.desk.store, TaskFilter(offset=500, limit=1)).rows[0]
    found = {}
    with asyncio.Runner() as runner:
        for name, pattern in PAGES.items():
            path = pattern.format(task=row.task_id, document=row.document_id)
            ask = partial(_ask, runner, app, path)
            ask()  # what is read once is read
            sent: list[tuple[str, Any]] = []
            listen = partial(_note, sent)
            event.listen(engine, "before_cursor_execute", listen)
            weight = ask()
            event.remove(engine, "before_cursor_execute", listen)
            bare = seconds(partial(replay, str(engine.url.database), sent))
            found[name] = PageCost(seconds(ask), bare, weight)
    return found


def _note(into: list[tuple[str, Any]], _c: Any, _u: Any, statement: str, values: Any, _x: Any, _m: Any) -> None:
    if not statement.startswith("BEGIN"):
        into.append((statement, values))


def _ask(runner: asyncio.Runner, app: FastAPI, path: str) -> int:
    """Ask the application as the server does, without a network between; return the bytes of the page."""
    way, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
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

    runner.run(app(scope, receive, send))
    assert told[0]["status"] == 200, (path, told[0]["status"])
    return sum(len(message.get("body", b"")) for message in told)


def replay(file: str, sent: list[tuple[str, Any]]) -> int:
    """Send the statements on the bare driver, every line fetched; return how many lines."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        return sum(len(connection.execute(statement, values).fetchall()) for statement, values in sent)
    finally:
        connection.close()


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

    return seconds(lambda: EXPORTS["xlsx"].write(listing, io.BytesIO()), 3), seconds(write_plainly, 3)


def report(few: dict[str, PageCost], many: dict[str, PageCost], workbook: tuple[float, float]) -> bool:
    """Print the figures; return whether every limit is kept."""
    good = True
    print(f"{'trang':24}{'ms':>8}{'SQL ms':>9}{'× SQL':>8}{'× 10.000':>10}{'kB':>7}")
    for name, cost in many.items():
        ratio, growth = cost.seconds / cost.bare, cost.seconds / few[name].seconds
        kept = ratio <= MOST_PAGE and growth <= MOST_GROWTH and cost.weight <= MOST_WEIGHT
        good = good and kept
        figures = f"{cost.seconds * 1e3:8.1f}{cost.bare * 1e3:9.1f}{ratio:8.2f}{growth:10.2f}{cost.weight / 1e3:7.0f}"
        print(f"{name:24}{figures}{'' if kept else '  quá mức'}")
    ratio = workbook[0] / workbook[1]
    print(f"Excel {FEW:,} dòng: {workbook[0]:.2f} s, {ratio:.2f} × XlsxWriter".replace(",", "."))
    return good and ratio <= MOST_WORKBOOK


def main() -> int:
    """Measure and say whether the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for tasks in (FEW, MANY):
            place = Path(folder) / str(tasks)
            place.mkdir()
            settings = Settings(place, f"sqlite:///{place}/giaoviec.db")
            store = Store.open(settings.database_url)
            fill(store, tasks)
            with written_to(settings.database_url, tasks // ROWS_A_PLAN):
                found.append(measure_pages(settings))
        return 0 if report(found[0], found[1], measure_workbook(store)) else 1


if __name__ == "__main__":
    sys.exit(main())
