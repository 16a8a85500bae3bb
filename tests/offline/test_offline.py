"""Nothing needs a network and nothing asks for one: in a namespace without a route, connections counted by strace."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ALONE = [sys.executable, str(Path(__file__).with_name("without_network.py"))]
CORE = ("schemas", "normalizers", "extractors", "tests/plan", "tests/facts", "tests/normalizers", "tests/readers")
"""Of the quick suite what reads a document from its bytes to its rows; the rest is what is run below."""
CONNECT = re.compile(r"connect\(\d+, \{sa_family=(AF_\w+)(?P<rest>.*)")
LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')


@pytest.fixture(scope="module", autouse=True)
def namespaces() -> None:
    tried = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no network namespace here: {tried.stderr.splitlines()[-1:]}")


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GIAOVIEC_"))}
    return kept | {"PYTHONPATH": str(ROOT), "GIAOVIEC_DATA": str(place / "data"), "HOME": str(place)}


def settings(place: Path) -> Path:
    """A night over a text, a typed PDF, a Word file and a scan."""
    folder = place / "vao" / "phường Lê Chân"
    folder.mkdir(parents=True)
    samples = ROOT / "sample_docs"
    for name in ("text/000_le_chan.txt", "typed/001_hong_chau.pdf", "typed/002_hai_phong_49.docx"):
        shutil.copy(samples / name, folder)
    shutil.copy(samples / "scans" / "000_le_chan.page1.png", folder)
    file = place / "dem.yaml"
    said = "folders: vao\nout: ra\nyear: 2026\ndata: data\nsets: [hai_phong_5049]\nformats: [xlsx, csv, parquet]\n"
    file.write_text(said, encoding="utf-8")
    return file


def outbound(trace: Path) -> list[str]:
    """The connections that strace saw to anywhere but this machine itself."""
    found = []
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        asked = CONNECT.search(line)
        if asked and asked.group(1) not in ("AF_UNIX", "AF_UNSPEC", "AF_NETLINK") and not LOOPBACK.search(line):
            found.append(line)
    return found


def test_the_namespace_has_no_route() -> None:
    tried = "import socket; socket.create_connection(('192.0.2.1', 80), 5)"
    refused = subprocess.run([*ALONE, sys.executable, "-c", tried], capture_output=True, text=True, check=False)
    assert "Network is unreachable" in refused.stderr
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM):
        pass  # this process still has what it had


def test_the_count_sees_a_connection(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    tried = "import socket\nwith socket.socket() as s:\n s.settimeout(1)\n s.connect_ex(('192.0.2.1', 80))"
    strace = [shutil.which("strace") or "strace", "-f", "-qq", "-e", "trace=connect", "-o", str(trace)]
    subprocess.run([*ALONE, *strace, sys.executable, "-c", tried], check=True)
    assert len(outbound(trace)) == 1


def test_the_quick_suite_s_core_passes_without_a_route(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--doctest-modules", "-m", "not slow", "-x", *CORE]
    done = subprocess.run(
        [*ALONE, *command], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("module", ["pipeline", "flows"])
def test_a_night_makes_no_connection(tmp_path: Path, module: str) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-e", "trace=connect", "-o", str(trace)]
    command = [sys.executable, "-m", module, "nightly", "--config", str(settings(tmp_path))]
    done = subprocess.run(
        [*ALONE, *strace, *command], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    log = tmp_path / "data" / "giaoviec.log"
    assert done.returncode == 0, (
        done.stderr[-3000:] + (log.read_text(encoding="utf-8") if log.exists() else "")[-3000:]
    )
    assert outbound(trace) == []
    assert {path.name for path in (tmp_path / "ra").iterdir()} >= {"nhiem_vu.xlsx", "ban_tin_moi_nhat.html"}
    listed = [sys.executable, "-m", "pipeline", "documents", "--json", "--data", str(tmp_path / "data")]
    documents = subprocess.run(listed, env=environment(tmp_path), capture_output=True, text=True, check=True)
    assert len(json.loads(documents.stdout)) == 4
