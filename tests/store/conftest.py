"""A throw-away PostgreSQL server for the tests of the store, and a store on each kind of database."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.store.engine import open_engine, writing
from pipeline.store.store import Store


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server: its address, and the command that starts and stops it."""

    url: str
    control: list[str]

    def restart(self) -> None:
        """Kill every connection and come back, as after a crash."""
        subprocess.run([*self.control, "-m", "immediate", "restart"], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A throw-away server where its programs are installed (they refuse to run as root).

    Its folder lies outside of pytest's: another run of pytest would shut that to all but its owner.
    """
    if not (shutil.which("initdb") and shutil.which("postgres")):
        pytest.skip("PostgreSQL is not installed")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root")
    folder = Path(tempfile.mkdtemp(prefix="giaoviec-pg-"))
    su = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if su:
        shutil.chown(folder, "nobody")
    subprocess.run(
        [*su, "initdb", "-D", f"{folder}/d", "-A", "trust", "-E", "UTF8", "-U", "u"], check=True, capture_output=True
    )
    run = [*su, "pg_ctl", "-D", f"{folder}/d", "-w"]
    subprocess.run(
        [*run, "-o", f"-c listen_addresses= -k {folder}", "-l", f"{folder}/log", "start"],
        check=True,
        capture_output=True,
    )
    yield Server(f"postgresql+psycopg://u@/postgres?host={folder}", [*run, "-l", f"{folder}/log"])
    stopped = subprocess.run([*run, "-m", "immediate", "stop"], capture_output=True, text=True, check=False)
    assert stopped.returncode == 0, stopped.stdout + stopped.stderr
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(server: Server) -> str:
    """The address of a throw-away server."""
    return server.url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        return Store.open(f"sqlite:///{tmp_path}/a/kho.db")
    url = request.getfixturevalue("postgres")
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return Store.open(url)
