"""Two machines: PostgreSQL for the store and for Prefect, a real server, a worker killed in the middle of a night.

The machines are two workers on this one, each with its own home; they share what two machines would share: the
database, the folder of originals, the folders of the communes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from normalizers.places import Succession
from pipeline.night.bench import make_folders
from pipeline.store.ledger_tables import ledger
from pipeline.store.queries import find_documents
from pipeline.store.store import Store
from tests.postgres_server import running

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
COMMUNES, DOCUMENTS = 12, 20
PATIENCE = 400.0
assert Succession


def wait_until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    until = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < until, what
        time.sleep(0.5)
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[ExitStack]:
    with ExitStack() as ending:
        yield ending


@pytest.fixture
def postgres(machine: ExitStack) -> int:
    """The port of a throw-away PostgreSQL server on this machine, with the databases "kho" and "prefect"."""
    port = free_port()
    machine.enter_context(running("listen_addresses=127.0.0.1", f"port={port}"))
    admin = create_engine(f"postgresql+psycopg://u@127.0.0.1:{port}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("kho", "prefect"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    with create_engine(f"postgresql+psycopg://u@127.0.0.1:{port}/prefect").begin() as connection:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
    return port


def environment(home: Path, api: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GIAOVIEC_"))}
    home.mkdir(parents=True, exist_ok=True)
    said = {"PREFECT_API_URL": f"http://127.0.0.1:{api}/api", "PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return kept | said | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"} | more


def start(machine: ExitStack, command: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as written:
        made = subprocess.Popen(
            command, env=env, stdout=written, stderr=written, start_new_session=True, cwd=log.parent
        )
    machine.callback(kill_tree, made)
    return made


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """What a power cut does: the process and all that it started, whatever session they are in, at once."""
    family = {process.pid}
    grown = True
    while grown:
        grown = False
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) in family and int(stat.parent.name) not in family:
                family.add(int(stat.parent.name))
                grown = True
    for one in sorted(family):
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def run_module(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def states(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        found = connection.execute(text("SELECT state, count(*) FROM ledger GROUP BY state"))
        return {line[0]: line[1] for line in found}


def owners(store: Store) -> set[int]:
    """The processes that hold a document now."""
    with store.engine.connect() as connection:
        held = connection.execute(ledger.select().where(ledger.c.state == "running")).mappings()
        return {int(line["owner"].rsplit("/", 2)[1]) for line in held if line["owner"]}


def family_of(process: int) -> int:
    """The oldest ancestor of a process below this test."""
    while True:
        fields = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
        if int(fields[1]) in (os.getpid(), 1):
            return process
        process = int(fields[1])


def test_a_worker_that_dies_in_the_night_loses_nothing(postgres: int, tmp_path: Path, machine: ExitStack) -> None:
    database, api = f"postgresql+psycopg://u@127.0.0.1:{postgres}/kho", free_port()
    files = make_folders(tmp_path / "vao", COMMUNES, DOCUMENTS)
    (tmp_path / "dem.yaml").write_text(
        f"folders: vao\nout: ra\nyear: 2026\ndata: data\ndatabase: {database}\nformats: [parquet]\n", encoding="utf-8"
    )
    url = f"postgresql+asyncpg://u@127.0.0.1:{postgres}/prefect"
    env = environment(tmp_path / "server", api, PREFECT_SERVER_DATABASE_CONNECTION_URL=url)
    serving = ["server", "start", "--host", "127.0.0.1", "--port", str(api)]
    start(machine, [sys.executable, "-m", "prefect", *serving], env, tmp_path / "server.log")
    wait_until(lambda: _answers(api), "the server does not answer")
    dem = ["--config", str(tmp_path / "dem.yaml")]
    run_module(env, "flows", "deploy", *dem, "--machines", "2")
    workers = {}
    for name in ("may-1", "may-2"):
        command = [
            sys.executable,
            "-m",
            "prefect",
            "worker",
            "start",
            "--pool",
            "giaoviec",
            "--limit",
            "1",
            "-n",
            name,
        ]
        worker = start(machine, command, environment(tmp_path / name, api), tmp_path / f"{name}.log")
        workers[worker.pid] = worker

    run_module(env, "prefect", "deployment", "run", "nightly/nightly")
    store = Store.open(database)
    wait_until(lambda: sum(states(store).values()) == len(files), "the night has not looked into the folders")
    run_module(env, "prefect", "deployment", "run", "read/read")
    both = wait_until(lambda: _two_families(store), "two workers do not read at once")
    assert both == set(workers)
    night = _worker_of(workers, tmp_path)
    before = states(store)
    kill_tree(night)
    assert before.get("done", 0) < len(files), "the night was over before it was killed"

    wait_until(lambda: states(store) == {"done": len(files)}, "the other worker did not finish")
    _is_conserved(store, files, tmp_path / "data")
    record = json.loads(run_module(env, "pipeline", "nightly", *dem, "--json"))
    assert (record["new"], record["read"], record["unchanged"]) == (len(files), 0, len(files))
    _is_conserved(store, files, tmp_path / "data")


def _answers(api: int) -> bool:
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{api}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _two_families(store: Store) -> set[int] | None:
    try:
        found = {family_of(process) for process in owners(store)}
    except FileNotFoundError:  # it has just ended
        return None
    return found if len(found) == 2 else None


def _worker_of(workers: dict[int, subprocess.Popen[bytes]], place: Path) -> subprocess.Popen[bytes]:
    """The worker that runs the flow `nightly`."""
    (name,) = [name for name in ("may-1", "may-2") if "'nightly'" in (place / f"{name}.log").read_text()]
    return list(workers.values())[("may-1", "may-2").index(name)]


def _is_conserved(store: Store, files: list[Path], data: Path) -> None:
    """Every hash in one final state, each document once with its rows once, the originals byte for byte."""
    import hashlib

    hashes = {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    with store.engine.connect() as connection:
        entered = set(connection.execute(text("SELECT sha256 FROM ledger")).scalars())
        rows = connection.execute(text("SELECT count(*), count(DISTINCT task_id) FROM tasks")).one()
    documents = find_documents(store)
    assert entered == hashes == {document["sha256"] for document in documents}
    assert len(documents) == len(hashes)
    assert rows[0] == rows[1] == sum(document["n_rows"] for document in documents)
    originals = {path.name: path for path in (data / "originals").glob("??/*")}
    assert set(originals) == hashes
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == name for name, path in originals.items())
