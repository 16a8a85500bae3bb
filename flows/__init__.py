"""Prefect and nothing else: the flow `ingest`, its tasks, the command `giaoviec-flows`."""

import os

# Read by Prefect when it is imported: nothing is sent home, and a slow machine may start the throw-away server.
for _name, _value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "giaoviec",
}.items():
    os.environ.setdefault(_name, _value)
