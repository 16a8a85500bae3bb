"""The examples of flows/deploy name commands, files, packages and flows that are there."""

from __future__ import annotations

import importlib
import inspect
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.__main__ import app as flows_app
from flows.deployments import made_for
from pipeline.cli.app import app as cli_app
from pipeline.night.config import Folder, NightConfig, load_night

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "flows" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
APPS = {"giaoviec": cli_app, "giaoviec-flows": flows_app}
DATA = "GIAOVIEC_DATA=/var/lib/giaoviec"


def started(unit: Path) -> list[str]:
    """The command line of a unit."""
    (line,) = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return shlex.split(line)


def parse(words: list[str]) -> None:
    """Parse a command line as the program would, without running it; raises where it is wrong."""
    from typer.main import get_command

    program, *rest = words
    command: Any = get_command(APPS[Path(program).name])
    with command.make_context(program, rest, resilient_parsing=False) as context:
        name, found, left = command.resolve_command(context, context._protected_args + context.args)
        found.make_context(name, list(left), parent=context)


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_each_unit_starts_a_command_that_there_is_and_keeps_its_data_in_one_place(unit: Path) -> None:
    words = started(unit)
    assert Path(words[0]).parent == Path("/opt/giaoviec/bin")
    parse(words)
    with pytest.raises(Exception, match=r"khong-co|No such"):
        parse([*words, "--khong-co"])
    assert DATA in unit.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("User=giaoviec", "User=root")
        for program in APPS:
            text = text.replace(f"/opt/giaoviec/bin/{program} ", f"{sys.executable} ")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_copies_what_is_there_and_starts_a_script_of_the_package() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    copied = [word for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for word in line.split()]
    assert all((ROOT / name).exists() for name in copied)
    top = {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert top | {"pyproject.toml", "constraints.txt"} <= set(copied)
    assert {project["project"]["readme"], "LICENSE"} <= set(copied)
    (entry,) = re.findall(r'^ENTRYPOINT \["(.+)"\]$', text, re.MULTILINE)
    assert Path(entry).name in project["project"]["scripts"]
    (wanted,) = re.findall(r"^APT := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(wanted.split()) <= set(text.split())
    (shown,) = re.findall(r"--network none giaoviec (.+)$", text, re.MULTILINE)
    parse(["giaoviec", *shown.split()])


def test_the_example_of_settings_is_one(tmp_path: Path) -> None:
    file = tmp_path / "dem.yaml"
    shutil.copyfile(DEPLOY / "dem.example.yaml", file)
    assert str(load_night(file).data) == "/var/lib/giaoviec"


def test_prefect_yaml_says_what_giaoviec_flows_deploy_says() -> None:
    said = yaml.safe_load((DEPLOY / "prefect.yaml").read_text(encoding="utf-8"))
    made = {one.name: one for one in made_for(NightConfig(Path("dem.yaml"), (Folder(Path("/a")),), Path("/b")), 2)}
    for one in said["deployments"]:
        module, _, name = one["entrypoint"].rpartition(".")
        flow = getattr(importlib.import_module(module), name)
        assert set(one["parameters"]) <= set(inspect.signature(flow.fn).parameters)
        assert flow.name == made[one["name"]].flow_name
        crons = [(each["cron"], each["timezone"]) for each in one.get("schedules", [])]
        there = [(each.schedule.cron, each.schedule.timezone) for each in made[one["name"]].schedules or []]
        assert crons == there
