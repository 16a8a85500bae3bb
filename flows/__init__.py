"""Prefect and nothing else: the flows, their tasks, the command `giaoviec-flows`."""

import os

# Read by Prefect when it is imported: nothing is sent home, a slow machine may start the throw-away server, and what
# is older than a month leaves Prefect's database (what was done stands in the store). A server that has nothing to do
# looks for late, paused and dead runs every five seconds, which is a second of the processor a minute: half a minute
# between looks is soon enough for nights, and automations are not used.
MONTH_SECONDS = 30 * 24 * 3600
LOOK_SECONDS = "30"
_SERVICES = ("LATE_RUNS", "PAUSE_EXPIRATIONS", "CLEANUP_RECONCILER", "FOREMAN", "CANCELLATION_CLEANUP", "REPOSSESSOR")
for _name, _value in {
    **{f"PREFECT_SERVER_SERVICES_{service}_LOOP_SECONDS": LOOK_SECONDS for service in _SERVICES},
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "giaoviec",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(MONTH_SECONDS),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
}.items():
    os.environ.setdefault(_name, _value)
