"""`make bench-search`: what a page of a filter costs, at 10,000 and at 100,000 made-up tasks, in one run.

python -m pipeline.bench_search [--tasks N]
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from pipeline.store.engine import writing
from pipeline.store.queries import find_page
from pipeline.store.records import Placed, task_lists
from pipeline.store.store import Store
from pipeline.store.tables import documents, metadata
from pipeline.task_filter import TaskFilter
from schemas.task import Kind, TaskRow

WORDS = re.findall(
    r"\w+",
    "tổ chức triển khai kế hoạch cải cách hành chính chuyển đổi số đối thoại nhân dân đường dây nóng báo cáo kết quả "
    "kiểm tra giám sát tuyên truyền pháp luật nông thôn mới an ninh trật tự môi trường y tế giáo dục văn hóa xã hội",
)
BODIES = [f"Phòng {field} {number}" for field in ("Kinh tế", "Nội vụ", "Tư pháp") for number in range(40)]
A_DOCUMENT = 100
TRIES = 5
DAY = date(2026, 7, 1)
FILTERS = {
    "tất cả": TaskFilter(limit=50),
    "trang 20": TaskFilter().page(20, 50),
    "theo hạn": TaskFilter(sort="due", limit=50),
    "cơ quan": TaskFilter(body="phong noi vu 7", limit=50),
    "quá hạn": TaskFilter(overdue=True, limit=50),
    "từ hiếm": TaskFilter(words="chuyên77", limit=50),
    "từ thường": TaskFilter(words="đối thoại", limit=50),
}


def made_rows(document_id: str, chance: random.Random) -> list[TaskRow]:
    """Rows of a made-up document."""
    rows = []
    for place in range(A_DOCUMENT):
        words = " ".join([*chance.choices(WORDS, k=chance.randint(12, 45)), f"chuyên{chance.randrange(2000)}"])
        due = chance.choice([None, f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"])
        leads = tuple(chance.sample(BODIES, chance.randint(0, 2)))
        task_id = f"{document_id}-{place:04}"
        rows.append(
            TaskRow(f"II/{place}", Kind.TASK, words, leads, due=due, task_id=task_id, document_id=document_id)
        )
    return rows


def made_store(folder: Path, count: int) -> Store:
    """A store with `count` made-up tasks, the same each time."""
    store, chance = Store.open(f"sqlite:///{folder}/{count}.db"), random.Random(1)
    for number in range(count // A_DOCUMENT):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        line: dict[str, Any] = dict.fromkeys(("reader", "damage", "rules_version", "content_hash", "text"), "") | {
            "document_id": sha256[:16], "sha256": sha256, "file": f"{number}.txt", "size": 1, "issuer": None,
            "issued_date": None, "is_draft": False, "lacks_header": False, "n_rows": A_DOCUMENT, "n_review": 0,
            "kinds": {}, "accounting": {}, "facts": {}, "stored_at": datetime.now(UTC),
        }  # fmt: skip
        placed = [Placed(row, place) for place, row in enumerate(made_rows(sha256[:16], chance))]
        with writing(store.engine) as connection:
            connection.execute(insert(documents).values(line))
            for name, lines in task_lists(placed, line).items():
                if lines:
                    connection.execute(insert(metadata.tables[name]), lines)
    return store


def milliseconds(store: Store, wanted: TaskFilter) -> float:
    """The best of some tries."""
    best = float("inf")
    for _ in range(TRIES):
        begun = time.perf_counter()
        find_page(store, wanted, DAY)
        best = min(best, time.perf_counter() - begun)
    return best * 1000


def main() -> None:
    """Print the cost of a page of each filter at a tenth of the tasks and at all, and how it grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=100_000)
    most = parser.parse_args().tasks
    with tempfile.TemporaryDirectory() as folder:
        few, many = made_store(Path(folder), most // 10), made_store(Path(folder), most)
        print(f"{'lọc':12}{most // 10:>10} ms{most:>10} ms   tỷ lệ")
        for name, wanted in FILTERS.items():
            small, large = milliseconds(few, wanted), milliseconds(many, wanted)
            print(f"{name:12}{small:10.1f}   {large:10.1f}   {large / small:6.1f}")


if __name__ == "__main__":
    main()
