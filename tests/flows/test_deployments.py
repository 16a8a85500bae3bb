"""What Prefect is told of the flows: the same by the command and by the example file, at one o'clock in Vietnam."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.night.config import load_night

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "deploy"


def test_the_example_file_and_the_command_tell_the_same() -> None:
    from flows.deployments import made_for

    config = load_night(EXAMPLES / "dem.example.yaml")
    made = {one.name: one for one in made_for(config, helpers=2)}
    written = yaml.safe_load((EXAMPLES / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    said = {one["name"]: one for one in written}
    assert set(said) == set(made) - {"ingest"}
    for name, one in said.items():
        assert one["entrypoint"] == made[name].entrypoint
        assert set(one["parameters"]) == set(made[name].parameters)
        crons = [schedule["cron"] for schedule in one.get("schedules", [])]
        assert crons == [schedule.schedule.cron for schedule in made[name].schedules or []]
        zones = {schedule.schedule.timezone for schedule in made[name].schedules or []}
        assert zones <= {"Asia/Ho_Chi_Minh"}


def test_the_example_of_settings_is_right() -> None:
    config = load_night(EXAMPLES / "dem.example.yaml")
    assert (config.province, config.days, config.schedule, config.mail) == ("Hải Phòng", (7, 30), "0 1 * * *", None)


@pytest.mark.parametrize("unit", sorted(EXAMPLES.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_is_there(unit: Path) -> None:
    from typer.main import get_command

    from flows.__main__ import app as flows_app
    from pipeline.cli.app import app

    (start,) = [line for line in unit.read_text(encoding="utf-8").splitlines() if line.startswith("ExecStart=")]
    program, command = start.removeprefix("ExecStart=").split()[:2]
    commands = get_command(flows_app if program.endswith("giaoviec-flows") else app).commands  # type: ignore[attr-defined]
    assert command in commands
