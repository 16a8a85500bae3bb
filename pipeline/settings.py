"""Where things lie and how much a file may cost; read once from the environment by whoever starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.isolate import Limits
from schemas.errors import StoreError

DATABASE_VARIABLE = "GIAOVIEC_DATABASE_URL"
DATA_VARIABLE = "GIAOVIEC_DATA"
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run: the data folder, the database's URL and the limits of a reading process."""

    data: Path
    database_url: str
    limits: Limits = field(default_factory=Limits)

    @property
    def originals(self) -> Path:
        """The folder of the dropped files' bytes, each under its sha256."""
        return self.data / "originals"

    @property
    def inbox(self) -> Path:
        """The folder into which the web page writes what is uploaded; its sub-folders name communes."""
        return self.data / "hop_thu"

    @property
    def log_file(self) -> Path:
        """The log: everything that is too long for the one line that staff see."""
        return self.data / "giaoviec.log"


def load_settings(
    environ: Mapping[str, str] | None = None, *, database: str | None = None, data: Path | None = None
) -> Settings:
    """Return the settings of `environ` (the process's own if None); `database` and `data` come first.

    Raises `StoreError` where a number is none.
    """
    environ = os.environ if environ is None else environ
    folder = data or _data_folder(environ)
    url = database or environ.get(DATABASE_VARIABLE) or f"sqlite:///{folder / 'giaoviec.db'}"
    return Settings(folder, url, _limits(environ))


def _data_folder(environ: Mapping[str, str]) -> Path:
    if named := environ.get(DATA_VARIABLE):
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("giaoviec", appauthor=False)


def _limits(environ: Mapping[str, str]) -> Limits:
    usual = Limits()
    return Limits(
        wall_seconds=_number(environ, "GIAOVIEC_WALL_SECONDS", usual.wall_seconds),
        cpu_seconds=_number(environ, "GIAOVIEC_CPU_SECONDS", usual.cpu_seconds),
        still_seconds=_number(environ, "GIAOVIEC_STILL_SECONDS", usual.still_seconds),
        memory_bytes=_number(environ, "GIAOVIEC_MEMORY_MB", usual.memory_bytes // MIB) * MIB,
        written_bytes=_number(environ, "GIAOVIEC_WRITTEN_MB", usual.written_bytes // MIB) * MIB,
        source_bytes=_number(environ, "GIAOVIEC_FILE_MB", usual.source_bytes // MIB) * MIB,
    )


def _number(environ: Mapping[str, str], name: str, usual: int) -> int:
    written = environ.get(name, "").strip()
    if not written:
        return usual
    if not written.isdecimal() or int(written) == 0:
        raise StoreError(f"Biến môi trường {name} phải là số nguyên dương, đang là “{written}”.")
    return int(written)
