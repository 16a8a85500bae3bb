"""Prefect's server is not there: the night goes on without it, and who asks for it is told in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.ledger_check import check, hashes_of, task_ids

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "http://127.0.0.1:9/api"
SETTINGS = "folders: vao\nout: ra\nyear: 2026\ndata: data\nformats: [parquet]\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "vao" / "Lê Chân"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "sample_docs/text/000_le_chan.txt", folder)
    (tmp_path / "dem.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def run(place: Path, module: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GIAOVIEC_"))}
    return subprocess.run(
        [sys.executable, "-m", module, "nightly", "--config", "dem.yaml"],
        cwd=place,
        env=kept | {"PYTHONPATH": str(ROOT), "PREFECT_API_URL": NOBODY, "PREFECT_HOME": str(place / "prefect")},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.slow
def test_a_night_without_prefect_works_though_a_server_is_named(place: Path) -> None:
    done = run(place, "pipeline")
    assert done.returncode in (0, 3), done.stderr
    assert check(place / "data", hashes_of(place / "vao")) == []
    assert task_ids(place / "data")


@pytest.mark.slow
def test_a_flow_whose_server_is_gone_says_so_in_one_line_and_nothing_is_half_done(place: Path) -> None:
    refused = run(place, "flows")
    assert refused.returncode == 2
    assert [line for line in refused.stderr.splitlines() if "giaoviec nightly" in line] == refused.stderr.splitlines()
    assert run(place, "pipeline").returncode in (0, 3)
    assert check(place / "data", hashes_of(place / "vao")) == []
