"""What Prefect is told by the environment before it is imported: it takes it, and keeps its database small."""

from __future__ import annotations

import os
import subprocess
import sys


def test_old_runs_and_events_leave_prefect_s_database() -> None:
    asked = (
        "import flows\nfrom prefect.settings import get_current_settings\ns = get_current_settings().server\n"
        "print(s.events.retention_period.days, s.services.db_vacuum.retention_period.days,"
        " sorted(s.services.db_vacuum.enabled_vacuum_types), s.analytics_enabled)"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "7 30 ['events', 'flow_runs', 'orphans'] False"


def test_an_idle_server_does_not_look_around_all_the_time() -> None:
    asked = (
        "import flows\nfrom prefect.settings import get_current_settings\n"
        "s = get_current_settings().server.services\n"
        "loops = {getattr(s, name).loop_seconds for name in type(s).model_fields"
        " if getattr(getattr(s, name), 'enabled', False) and hasattr(getattr(s, name), 'loop_seconds')}\n"
        "print(min(loops), s.triggers.enabled)"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "30.0 False"
