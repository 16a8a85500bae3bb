"""Runs the desk: which address it may listen on, and the program that reads what is dropped."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pipeline.desk.app import build_desk
from pipeline.settings import DATABASE_VARIABLE, Settings
from pipeline.store.people import has_users
from schemas.errors import StoreError

NEEDS_USERS = (
    "Ngoài máy này ai cũng vào được nên phải có người dùng trước: giaoviec users add TÊN --role duyệt; "
    "hoặc chỉ mở trên máy này với --host 127.0.0.1."
)
TAKEN = "Không mở được cổng {port} ở địa chỉ {host}; hãy chọn cổng khác bằng --port."
EVERY, STILL = "2", "1"
"""Seconds between looks into the folder, which lies on this machine, and until a file counts as whole."""
SECONDS_TO_END = 12


def serve(settings: Settings, host: str, port: int, names: Iterable[str] = (), watch: bool = True) -> None:
    """Serve the desk until it is stopped.

    Raises `StoreError` where the address is not one of this machine alone and there are no users, or it is taken.
    """
    import uvicorn

    app = build_desk(settings, hosts=[*names, *_own_names(host)])
    if not is_loopback(host) and not has_users(app.state.desk.store):
        raise StoreError(NEEDS_USERS)
    listening = _listen(host, port)
    shown = listening.getsockname()[1]
    print(f"Bàn làm việc: http://{_shown_host(host)}:{shown}/  (Ctrl+C để dừng)", flush=True)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, timeout_keep_alive=30
    )
    with _reading(settings, watch):
        uvicorn.Server(config).run(sockets=[listening])


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _own_names(host: str) -> list[str]:
    """The names by which a browser may call a desk that listens on `host`."""
    if is_loopback(host):
        return []
    told = host.strip("[]")
    bracketed = f"[{told}]" if ":" in told else told
    return [bracketed, socket.gethostname(), socket.getfqdn()]


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host.strip('[]')}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    told = host.strip("[]")
    family = socket.AF_INET6 if ":" in told else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((told, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise StoreError(TAKEN.format(host=host, port=port), str(error)) from error
    return listening


@contextmanager
def _reading(settings: Settings, wanted: bool) -> Iterator[None]:
    """The program that watches the folder of what is dropped, for as long as the desk runs, where it is wanted.

    Where another watcher is at work already it says so in the log and ends: that one watches this folder too.
    """
    if not wanted:
        yield
        return
    settings.inbox.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pipeline", "watch", str(settings.inbox), "--data", str(settings.data)]
    environment = os.environ | {DATABASE_VARIABLE: settings.database_url}  # an address may hold a password
    reader = subprocess.Popen(
        [*command, "--every", EVERY, "--still", STILL],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        reader.terminate()
        try:
            reader.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            reader.kill()
            reader.wait()
