"""What every page works with: the settings, the database, the templates, and who asks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from pipeline.desk.people import Door, Visitor
from pipeline.desk.render import environment
from pipeline.settings import Settings
from pipeline.store.desk_queries import known_communes
from pipeline.store.store import Store

COMMUNES_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk: `hosts` are the names under which it is reached."""

    settings: Settings
    store: Store
    hosts: frozenset[str]
    door: Door = field(default_factory=Door)
    templates: Environment = field(default_factory=environment)
    _communes: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)

    def communes(self) -> tuple[str, ...]:
        """The names to choose a commune from, asked of the database again after a while."""
        now = time.monotonic()
        if not self._communes or now - self._communes[0][0] > COMMUNES_SECONDS:
            self._communes[:] = [(now, known_communes(self.store))]
        return self._communes[0][1]


def desk_of(request: Request) -> Desk:
    """The desk that serves the request."""
    return cast(Desk, request.app.state.desk)


def visitor_of(request: Request) -> Visitor:
    """Who asks; the doorkeeper has let nobody else through."""
    return cast(Visitor, request.state.visitor)


def page(
    request: Request, template: str, code: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page of the template with `values`; every template also knows `visitor` and `path`."""
    desk = desk_of(request)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    html = desk.templates.get_template(template).render(visitor=visitor, path=request.scope["path"], **values)
    return HTMLResponse(html, code, headers=dict(headers or {}))
