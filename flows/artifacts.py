"""What a run leaves in Prefect's page: a table of its documents, a link to what it wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from pipeline.ingest import Outcome

MOST_LINES = 500
"""Lines of a table: Prefect keeps it in its own database, and the whole stands in the store."""


def record(outcome: Outcome) -> dict[str, Any]:
    """What became of one file, as plain data."""
    return {
        "file": str(outcome.path),
        "document_id": outcome.document_id,
        "n_rows": outcome.rows,
        "n_review": outcome.review,
        "code": outcome.error.code if outcome.error else None,
        "message": str(outcome.error) if outcome.error else None,
    }


def summary(outcomes: Sequence[Outcome], passed: int) -> str:
    """The counts of a run in one Vietnamese line."""
    counted = Counter("refused" if outcome.error else "done" for outcome in outcomes)
    return f"{counted['done']} tệp đã lưu, {counted['refused']} tệp không đọc được, {passed} tệp bỏ qua"


def table(outcomes: Sequence[Outcome], passed: int, key: str) -> None:
    """Leave the table of a run, refused files first."""
    first = sorted(outcomes, key=lambda outcome: outcome.error is None)
    lines = [record(outcome) for outcome in first[:MOST_LINES]]
    create_table_artifact(lines or [{"file": ""}], key=key, description=summary(outcomes, passed))


def page(path: Path, key: str, text: str, words: str) -> None:
    """Leave a link to a page that a run wrote, and its words."""
    create_link_artifact(path.absolute().as_uri(), link_text=text, key=f"{key}-trang")
    create_markdown_artifact(words, key=key)
