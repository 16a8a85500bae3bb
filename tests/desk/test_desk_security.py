"""What a page on a network must withstand: strangers, other pages, hostile words in documents and in names."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from pipeline.desk import build_desk
from pipeline.desk.people import LOCKED_SECONDS, MOST_FAILURES
from pipeline.records import merged_row
from pipeline.settings import Settings
from pipeline.store.people import find_entries, find_user, session_user
from pipeline.store.queries import count_by_state, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from schemas.task import Kind, TaskRow
from tests.desk.conftest import HOST, PASSWORD, log_in
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id
ROW = f"/duyet/{DOCUMENT}-1"
OPEN = {"/dang-nhap"}
EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'><a href="javascript:alert(3)">x</a>{{7*7}}%s'
FILLED = {
    "document_id": DOCUMENT,
    "task_id": f"{DOCUMENT}-1",
    "number": "1",
    "form": "xlsx",
    "version_id": "1",
    "annex_id": "1",
    "set_id": "hai_phong_49",
    "sha256": "0" * 64,
}


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """(method, path) of every route of the desk, parameters filled in."""
    found = []

    def walk(some: list[BaseRoute]) -> None:
        for route in some:
            inner: Any = getattr(route, "original_router", None)
            if inner is not None:
                walk(inner.routes)
            elif isinstance(route, APIRoute) or (hasattr(route, "methods") and hasattr(route, "path")):
                path = re.sub(r"{(\w+)}", lambda name: FILLED[name[1]], route.path)
                found.extend((method, path) for method in route.methods or ())

    walk(list(app.routes))
    return found


def test_without_a_login_every_route_is_closed(settings: Settings, people: None) -> None:
    app = build_desk(settings)
    known = routes(app)
    assert len(known) > 25
    assert {"/hop-thu", ROW, "/api/v1/tasks", "/api/v1/openapi.json"} <= {path for _, path in known}
    with TestClient(app, base_url=HOST, follow_redirects=False) as stranger:
        for _, path in known:
            if path in OPEN:
                continue
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
                answer = stranger.request(method, path)
                assert answer.status_code in (401, 403), (method, path, answer.status_code)
                assert DOCUMENT not in answer.text.replace(path, "")
        assert stranger.get("/khong-co").status_code == 401
        for token in ("", "x", "Bearer", "Bearer x", "Basic bGFuOng="):
            assert stranger.get("/api/v1/tasks", headers={"authorization": token}).status_code == 401


def test_who_may_only_look_changes_nothing(settings: Settings, store: Store, people: None) -> None:
    app = build_desk(settings)
    before = merged_row(store, f"{DOCUMENT}-1")
    with TestClient(app, base_url=HOST, follow_redirects=False) as client:
        log_in(client, "binh")
        assert client.get(ROW).status_code == 200
        assert 'value="approve"' not in client.get(ROW).text
        for method, path in routes(app):
            if method not in ("GET", "HEAD") and path not in OPEN | {"/dang-xuat", "/mat-khau", "/nhiem-vu/lich.ics"}:
                assert client.request(method, path, data={"act": "approve"}).status_code == 403, path
    assert merged_row(store, f"{DOCUMENT}-1") == before


def test_no_get_changes_anything(settings: Settings, store: Store, visitor: TestClient) -> None:
    before = (find_tasks(store), count_by_state(store), find_entries(store, 100))
    for method, path in routes(build_desk(settings)):
        if method == "GET":
            visitor.get(f"{path}?act=approve&version={merged_row(store, f'{DOCUMENT}-1').version}")
    assert (find_tasks(store), count_by_state(store), find_entries(store, 100)) == before


def test_the_cookie_is_strict_and_its_secret_is_stored_nowhere(
    settings: Settings, store: Store, people: None
) -> None:
    with TestClient(build_desk(settings), base_url=HOST, follow_redirects=False) as client:
        answer = client.post("/dang-nhap", data={"name": "LAN ", "password": PASSWORD, "back": "//evil.example"})
        cookie = answer.headers["set-cookie"].lower()
        assert answer.headers["location"] == "/hop-thu"
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        secret = client.cookies["giaoviec"]
        for file in settings.data.iterdir():
            assert secret.encode() not in file.read_bytes(), file.name
            assert PASSWORD.encode() not in file.read_bytes(), file.name
        assert client.get("/nhat-ky").status_code == 200
        client.post("/dang-xuat")
        client.cookies.set("giaoviec", secret)
        assert client.get("/nhat-ky").status_code == 401, "a session that ended stays ended"


def test_wrong_passwords_shut_the_door_for_a_while(settings: Settings, people: None) -> None:
    app = build_desk(settings)
    with TestClient(app, base_url=HOST, follow_redirects=False) as client:
        for _ in range(MOST_FAILURES):
            assert client.post("/dang-nhap", data={"name": "lan", "password": "sai"}).status_code == 401
        assert client.post("/dang-nhap", data={"name": "Lan", "password": PASSWORD}).status_code == 429
        door = app.state.desk.door
        door.failures["lan"] = [at - LOCKED_SECONDS for at in door.failures["lan"]]
        log_in(client, "lan")


def test_a_changed_password_ends_every_session(settings: Settings, store: Store, people: None) -> None:
    with TestClient(build_desk(settings), base_url=HOST, follow_redirects=False) as client:
        log_in(client, "binh")
        assert client.post("/mat-khau", data={"old": "sai", "new": "mat-khau-moi"}).status_code == 422
        assert client.post("/mat-khau", data={"old": PASSWORD, "new": "ngan"}).status_code == 422
        assert client.post("/mat-khau", data={"old": PASSWORD, "new": "mat-khau-moi"}).status_code == 200
        assert client.get("/nhat-ky").status_code == 401
        log_in(client, "binh", "mat-khau-moi")
    user = find_user(store, "binh")
    assert user is not None
    assert user.password.startswith("$argon2id$")
    assert session_user(store, "x", "page") is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"content-type": "text/plain"},
        {"content-type": "application/json"},
    ],
)
def test_other_pages_cannot_send_anything(visitor: TestClient, store: Store, headers: dict[str, str]) -> None:
    before = merged_row(store, f"{DOCUMENT}-1")
    content = f"version={before.version}&act=approve"
    usual = {"content-type": "application/x-www-form-urlencoded"}
    assert visitor.post(ROW, content=content, headers=usual | headers).status_code == 403
    assert visitor.post("/dang-xuat", headers=headers).status_code in (303, 403)
    assert merged_row(store, f"{DOCUMENT}-1") == before
    own = {"origin": HOST, "sec-fetch-site": "same-origin"}
    assert visitor.post(ROW, content=content, headers=usual | own).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example", "[::1"])
def test_another_host_is_refused(visitor: TestClient, host: str) -> None:
    answer = visitor.get("/hop-thu", headers={"host": host})
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


class Wild(HTMLParser):
    """Collects what would run: scripts without our source, handlers, javascript addresses, inline styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "script" and not (told.get("src") or "").startswith("/static/"):
            self.found.append("script")
        if tag in ("style", "iframe", "object", "embed", "base", "meta") and "http-equiv" in told:
            self.found.append(tag)
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post")
            if name.startswith("on") or name == "style" or (leads and not (value or "").startswith(("/", "#"))):
                self.found.append(f"{tag} {name}={value}")
        if tag == "img":
            self.found.append("img")


@pytest.fixture
def hostile(settings: Settings, store: Store) -> str:
    """A document whose every word is hostile; its id."""
    made = extraction("xấu", f"{EVIL}.pdf".replace("/", "_"), title=EVIL, issuer=EVIL, signer=EVIL, number=EVIL)
    key = made.raw.source.document_id
    row = TaskRow(
        "I/1",
        Kind.TASK,
        EVIL,
        (EVIL,),
        (EVIL,),
        task_id=f"{key}-1",
        document_id=key,
        section="I",
        section_title=EVIL,
        heading_path=(EVIL,),
        source_text=f"khác {EVIL}",
        deadline_text=EVIL,
        deliverable=EVIL,
        needs_review=True,
        review_reasons=(EVIL,),
    )
    made = replace(made, rows=(row,), warnings=(EVIL,))
    source = made.raw.source
    store.save(made, Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, EVIL))
    return key


def test_nothing_in_a_document_runs(visitor: TestClient, hostile: str) -> None:
    paths = ["/hop-thu", "/nhiem-vu", "/nhiem-vu/thong-ke", "/van-ban", f"/van-ban/{hostile}", f"/duyet/{hostile}-1"]
    paths += [f"/van-ban/{hostile}/them?after={hostile}-1", f"/so-sanh?cu={DOCUMENT}&moi={hostile}"]
    paths += [f"/nhiem-vu?words={EVIL}&body={EVIL}&commune={EVIL}", f"/nhat-ky?ai={EVIL}", f"/ma-tran?set={EVIL}"]
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        page = Wild()
        page.feed(answer.text)
        assert page.found == [], path
        assert "49" not in re.findall(r"x</a>(\w+)%s", answer.text), "a template in a text is not filled in"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "&lt;script&gt;" in visitor.get(f"/van-ban/{hostile}").text


def test_no_template_trusts_its_data() -> None:
    folder = Path(__file__).parents[2] / "pipeline/desk"
    for file in folder.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(
            r"\|\s*safe|autoescape|Markup|<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", text
        ), file
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), f"{file}: nothing from elsewhere"
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval\(", (folder / "static/desk.js").read_text())


def test_a_download_is_never_shown_as_a_page(
    visitor: TestClient, settings: Settings, hostile: str, store: Store
) -> None:
    sha256 = next(one["sha256"] for one in _documents(store) if one["document_id"] == hostile)
    place = settings.originals / sha256[:2] / sha256
    place.parent.mkdir(parents=True)
    place.write_bytes(b"<html><script>alert(1)</script>")
    answer = visitor.get(f"/van-ban/{hostile}/tep-goc")
    assert answer.content == place.read_bytes()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    told = answer.headers["content-disposition"]
    assert told.startswith("attachment; filename=")
    assert not set("\r\n<>") & set(told)


def _documents(store: Store) -> tuple[dict[str, Any], ...]:
    from pipeline.store.queries import find_documents

    return find_documents(store)


@pytest.mark.parametrize(
    "path",
    [
        "/van-ban/{}/tep-goc",
        "/van-ban/{}/trang/1.jpg",
        "/van-ban/{}",
        "/duyet/{}",
        "/static/{}",
        "/nhiem-vu/tai.{}",
        "/api/v1/documents/{}",
        "/api/v1/criteria/{}",
    ],
)
@pytest.mark.parametrize(
    "way",
    [
        "../../canary.txt",
        "..%2f..%2fcanary.txt",
        "%252e%252e%252fcanary.txt",
        "..%5ccanary.txt",
        "/etc/passwd",
        "%00",
        "....//canary.txt",
        "'); DROP TABLE tasks;--",
    ],
)
def test_no_way_leads_out_of_the_data(visitor: TestClient, tmp_path: Path, path: str, way: str) -> None:
    (tmp_path / "canary.txt").write_text("CHIM-HOANG-YEN", encoding="utf-8")
    answer = visitor.get(path.format(way))
    assert answer.status_code in (400, 404, 405, 422), answer.status_code
    assert "CHIM-HOANG-YEN" not in answer.text
    assert "root:" not in answer.text


def test_a_refusal_tells_nothing_of_the_inside(visitor: TestClient, tmp_path: Path) -> None:
    for path in ("/x", "/duyet/x", "/nhiem-vu?kind=x", "/api/v1/tasks?size=0", "/api/v1/x", "/van-ban/1/trang/x.jpg"):
        answer = visitor.get(path)
        assert answer.status_code in (404, 422), path
        for word in (str(tmp_path), "Traceback", "sqlalchemy", "SELECT", ".py"):
            assert word not in answer.text, (path, word)


def test_an_error_nobody_foresaw_tells_nothing(settings: Settings, store: Store, monkeypatch: Any) -> None:
    def fail(*_: object) -> None:
        raise KeyError(f"bí mật {settings.data}")

    monkeypatch.setattr("pipeline.desk.inbox.find_counts", fail)
    with TestClient(build_desk(settings), base_url=HOST, raise_server_exceptions=False) as client:
        answer = client.get("/hop-thu")
    assert answer.status_code == 500
    assert "ngoài dự kiến" in answer.text
    assert "bí mật" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_formulas_are_guarded_in_every_file(visitor: TestClient) -> None:
    text = visitor.get("/nhiem-vu/tai.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert not re.search(r"(?:^|,)\"?[=+\-@\t]", text, re.MULTILINE)


def test_uploads_are_bounded_and_named_safely(settings: Settings, store: Store) -> None:
    small = replace(settings, limits=replace(settings.limits, source_bytes=1000))
    with TestClient(build_desk(small), base_url=HOST, follow_redirects=False) as client:
        files = [
            ("files", (name, b"noi dung")) for name in ("../../../etc/x.pdf", "<img src=x onerror=alert(1)>.pdf")
        ]
        assert client.post("/hop-thu/tep", files=files, data={"commune": "../../Lê Chân"}).status_code == 200
        written = [path for path in settings.data.rglob("*") if path.is_file() and path.suffix == ".pdf"]
        assert len(written) == 2
        assert all(path.is_relative_to(settings.inbox) for path in written)
        assert client.post("/hop-thu/tep", files=[("files", ("to.pdf", b"x" * 5000))]).status_code == 422
        huge = b"x" * (3 << 20)
        assert client.post("/hop-thu/tep", files=[("files", ("to.pdf", huge))]).status_code == 413
        assert client.post("/hop-thu/tep", content=iter([huge]), headers=_multipart()).status_code == 413
        assert client.post("/hop-thu/tep", content=b"--x\r\nrac", headers=_multipart()).status_code in (400, 422)
    assert not list(settings.inbox.rglob("*.part"))


def _multipart() -> dict[str, str]:
    return {"content-type": "multipart/form-data; boundary=x"}


def test_line_ends_in_a_name_make_one_line_of_the_log(visitor: TestClient, store: Store) -> None:
    visitor.post("/dang-nhap", data={"name": "a\r\nb", "password": "x"})
    entries, count = find_entries(store, 10)
    assert count == 1
    assert (entries[0].name, entries[0].action) == ("a??b", "sai_mat_khau")
