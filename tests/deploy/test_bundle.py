"""The archive for an office without internet: made here, installed where there is no route, and used."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ALONE = [sys.executable, str(ROOT / "tests" / "offline" / "without_network.py")]
PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie", "libreoffice-writer", "fonts-croscore")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked archive."""
    place = tmp_path_factory.mktemp("bundle")
    made = [str(ROOT / "flows" / "deploy" / "bundle"), str(place / "b.tar"), sys.executable, *PACKAGES]
    done = subprocess.run(made, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    with tarfile.open(place / "b.tar") as archive:
        archive.extractall(place, filter="data")
    (place / "b.tar").unlink()
    return place / "giaoviec"


def test_it_installs_without_a_route_and_reads_a_plan(bundle: Path, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"HOME": str(tmp_path)}
    installed = subprocess.run(
        [*ALONE, "bash", str(bundle / "install"), str(tmp_path / "opt")], env=env, capture_output=True, text=True
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    plan = ROOT / "sample_docs" / "typed" / "000_le_chan.docx"
    for command in (
        ["giaoviec", "extract", str(plan), "--format", "json", "-o", str(tmp_path / "bang.json")],
        ["giaoviec", "review", "--help"],
        ["giaoviec-flows", "nightly", "--help"],
    ):
        run = [*ALONE, str(tmp_path / "opt" / "bin" / command[0]), *command[1:]]
        done = subprocess.run(run, env=env, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode in (0, 3), done.stderr
        assert "Traceback" not in done.stderr
    assert (tmp_path / "bang.json").stat().st_size > 1000


def test_its_debian_packages_are_complete(bundle: Path, tmp_path: Path) -> None:
    """On a machine with nothing at all, apt finds in the archive whatever the programs need."""
    for folder in ("lists/partial", "archives/partial"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "status").touch()
    (tmp_path / "list").write_text(f"deb [trusted=yes] file:{bundle}/debs ./\n", encoding="utf-8")
    here = {
        "Dir::Etc::sourcelist": tmp_path / "list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": tmp_path / "lists",
        "Dir::State::status": tmp_path / "status",
        "Dir::Cache": tmp_path,
        "APT::Sandbox::User": "root",
    }
    options = [part for name, value in here.items() for part in ("-o", f"{name}={value}")]
    subprocess.run([*ALONE, "apt-get", *options, "update", "-qq"], check=True, capture_output=True)
    wanted = ["install", "-s", "--no-install-recommends", *PACKAGES, "python3.11-venv"]
    done = subprocess.run([*ALONE, "apt-get", *options, *wanted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"Inst {package} " in done.stdout for package in PACKAGES)


def test_a_spoiled_archive_is_refused(bundle: Path, tmp_path: Path) -> None:
    wheel = next((bundle / "wheels").glob("typer-*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1])
    try:
        refused = subprocess.run(
            ["bash", str(bundle / "install"), str(tmp_path / "opt")], capture_output=True, text=True, check=False
        )
    finally:
        wheel.write_bytes(whole)
    assert refused.returncode == 2
    assert "bộ cài bị hỏng" in refused.stderr
