"""`make analyst`: runs the queries of docs/ANALYST.md on the sample data and writes their answers into it."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.ingest import find_files, ingest
from pipeline.kit import load_kit
from pipeline.settings import load_settings
from pipeline.store.asking import Answer, ask
from pipeline.store.store import Store

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "ANALYST.md"
SAMPLES = ROOT / "sample_docs" / "text"
PAIR = re.compile(r"```sql\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def questions(guide: str) -> Iterator[tuple[str, str]]:
    """(query, answer as written) of each pair of the guide."""
    for found in PAIR.finditer(guide):
        yield found[1].strip(), found[2]


def as_written(answer: Answer) -> str:
    """An answer as the guide writes it: its columns, then a line each, separated by commas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(answer.lines)
    return text.getvalue()


def sample_store(folder: Path, url: str | None = None) -> Store:
    """A store with the sample plans, read from their texts."""
    settings = load_settings({}, data=folder)
    settings = replace(settings, database_url=url or settings.database_url)
    store = Store.open(settings.database_url)
    found, _ = find_files([SAMPLES])
    ingest(found, store, settings, load_kit())
    return store


def main() -> None:
    """Write the answers of today into the guide."""
    with tempfile.TemporaryDirectory() as folder:
        store = sample_store(Path(folder))
        guide = GUIDE.read_text(encoding="utf-8")
        written = PAIR.sub(
            lambda found: f"```sql\n{found[1]}```\n\n```text\n{as_written(ask(store, found[1]))}```", guide
        )
        GUIDE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
