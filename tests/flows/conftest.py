"""One throw-away Prefect server for all tests of flows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import flows

START_SECONDS = 120
assert flows


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=START_SECONDS),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield
