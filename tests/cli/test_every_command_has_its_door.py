"""Every command that a module of `pipeline.cli` makes is reached from `giaoviec`."""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
import typer

import pipeline.cli
from pipeline.cli.app import app

Giaoviec = Callable[..., Any]


def test_no_group_of_commands_stands_outside() -> None:
    made = {
        id(value)
        for module in pkgutil.iter_modules(pipeline.cli.__path__)
        for value in vars(importlib.import_module(f"pipeline.cli.{module.name}")).values()
        if isinstance(value, typer.Typer)
    }
    assert made == {id(app), *(id(group.typer_instance) for group in app.registered_groups)}


def test_a_user_is_added_listed_and_locked(giaoviec: Giaoviec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("mat khau du dai\n"))
    assert giaoviec("users", "add", "lan", "--role", "duyệt", "--password-stdin").code == 0
    assert "lan" in giaoviec("users", "list").out
    assert giaoviec("users", "lock", "lan").code == 0
    assert "đang dùng" not in giaoviec("users", "list").out
