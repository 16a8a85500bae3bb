"""The log is lines of JSON, turned over when it has grown, and holds nothing of what documents say."""

from __future__ import annotations

import errno
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import log


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("giaoviec")
    before = logger.handlers, logger.propagate, logger.level
    yield logger
    logger.handlers, logger.propagate = before[:2]
    logger.setLevel(before[2])


def test_an_event_is_a_line_of_json(logger: logging.Logger, tmp_path: Path) -> None:
    log.open_log(tmp_path / "x" / "giaoviec.log")
    logging.getLogger("giaoviec.watch").info("entered", extra={"path": "/vào/\udce1.txt", "size": 3, "text": "a\nb"})
    try:
        raise KeyError("x")
    except KeyError:
        logger.exception("unforeseen")
    first, second = [json.loads(line) for line in (tmp_path / "x" / "giaoviec.log").read_text().splitlines()]
    assert (first["event"], first["level"], first["logger"], first["size"]) == (
        "entered",
        "info",
        "giaoviec.watch",
        3,
    )
    assert first["text"] == "a\nb"
    assert "KeyError" in second["trace"]


def test_a_log_that_has_grown_is_turned_over(
    logger: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LOG_BYTES", 100)
    path = tmp_path / "giaoviec.log"
    log.open_log(path)
    for number in range(5):
        logger.info("event %s", number, extra={"filler": "x" * 100})
        log.turn_over(path)
    logger.info("last")
    assert json.loads(path.read_text())["event"] == "last"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["giaoviec.log", "giaoviec.log.1", "giaoviec.log.2"]


def test_without_a_place_the_work_goes_on(logger: logging.Logger, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    log.open_log(tmp_path / "file" / "giaoviec.log")
    logger.info("nothing happens")


class Full(io.StringIO):
    """A file on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, text)


def test_a_full_disk_says_nothing_of_its_own(
    logger: logging.Logger, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log.open_log(tmp_path / "giaoviec.log")
    handler = logger.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    usual, handler.stream = handler.stream, Full()
    logger.error("lost")
    handler.stream = usual
    (tmp_path / "giaoviec.log").unlink()
    tmp_path.joinpath("giaoviec.log").mkdir()
    logger.error("lost too")
    assert capfd.readouterr() == ("", "")
