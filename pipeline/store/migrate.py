"""Brings a database to the schema of today; `python -m pipeline.store.migrate MESSAGE` writes a new migration."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from pipeline.faults import crash_point
from pipeline.store import annex_tables as _annex_tables  # noqa: F401 - migrations know every table
from pipeline.store import comparison_tables as _comparison_tables  # noqa: F401 - migrations know every table
from pipeline.store import ledger_tables as _ledger_tables  # noqa: F401
from pipeline.store import people_tables as _people_tables  # noqa: F401
from pipeline.store.derived import create_derived, drop_derived
from pipeline.store.engine import REBUILDS, open_engine, reading, writing
from schemas.errors import StoreError

FOLDER = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 7_190_251
NEWER = "Cơ sở dữ liệu do một phiên bản mới hơn của giaoviec tạo ra; hãy cập nhật giaoviec rồi thử lại."

ORPHANS = "Không nâng cấp được cơ sở dữ liệu vì có dòng mồ côi; hãy khôi phục từ bản sao lưu gần nhất."


def upgrade(engine: Engine) -> bool:
    """Bring the schema up to date in one transaction; return whether anything had to be done.

    Raises `StoreError` where the database comes from a newer version of the product.
    """
    config = _config()
    head = head_revision(config)
    with reading(engine) as connection:  # the usual case waits for no writer
        if revision(connection) == head:
            return False
    own = open_engine(engine.url.render_as_string(hide_password=False))  # its keys are off: never back into a pool
    with writing(own.execution_options(**{REBUILDS: True})) as connection:
        if engine.dialect.name == "postgresql":  # held to the end of the transaction: one upgrade at a time
            connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        current = revision(connection)
        if current == head:
            return False
        _refuse_newer(config, current)
        config.attributes["connection"] = connection
        drop_derived(connection)
        command.upgrade(config, "head")
        create_derived(connection)
        _refuse_orphans(connection)
        crash_point("migrate.writing")
    return True


def revision(connection: Connection) -> str | None:
    """The revision of the database, None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision(config: Config | None = None) -> str | None:
    """The newest revision that this version of the product knows."""
    return ScriptDirectory.from_config(config or _config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _refuse_newer(config: Config, current: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(NEWER, f"revision {current}")


def _refuse_orphans(connection: Connection) -> None:
    """Raise `StoreError` where lines lost their owner: SQLite does not look while tables are made anew."""
    if connection.dialect.name != "sqlite":
        return
    if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(ORPHANS, str(tuple(lost)))


def write_migration(message: str) -> None:
    """Write the difference between the migrations and the tables as a new file, to be read by a person."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        config = _config()
        with writing(engine) as connection:  # without what is derived: that is made of columns still to be written
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            number = len(list(FOLDER.glob("versions/[0-9]*.py"))) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    write_migration(" ".join(sys.argv[1:]) or "Change the schema")
