"""What stands before every page: whose host, whose origin, how many bytes, and the headers of each answer."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
"""A form of another page may also be sent as text/plain: none of ours is."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
"""On every answer; one that sets a header itself keeps its own."""

WRONG_HOST = "Địa chỉ này không phải của bàn làm việc giaoviec."
FOREIGN = "Yêu cầu đến từ một trang khác nên bị từ chối; hãy mở lại trang giaoviec rồi làm lại."
TOO_MUCH = "Nội dung gửi lên quá lớn nên bị từ chối."


class Guard:
    """Answers for the application where a request may not reach it, and adds the headers to what it answers.

    `hosts` are the names under which the desk is reached (without port): a page elsewhere that points its own name
    here (DNS rebinding) is refused. `most_bytes` bounds the body of a request.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], most_bytes: int) -> None:
        self.app = app
        self.hosts = frozenset(host.lower().rstrip(".") for host in hosts)
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    told.setdefault(name, value)
            await send(message)

        refused = self._refusal(scope["method"], headers)
        if refused:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, send_guarded)
            return
        await self.app(scope, _counted(receive, self.most_bytes), send_guarded)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if host_name(host) not in self.hosts:
            return 400, WRONG_HOST
        if method not in SAFE_METHODS and not comes_from_here(headers, host):
            return 403, FOREIGN
        if _told_length(headers) > self.most_bytes:
            return 413, TOO_MUCH
        return None


class BodyTooLarge(HTTPException):
    """More bytes came than the request may have."""

    def __init__(self) -> None:
        super().__init__(413, TOO_MUCH)


def _counted(receive: Receive, most_bytes: int) -> Receive:
    """`receive` that counts what comes in: a request need not tell its length."""
    got = 0

    async def receive_counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most_bytes:
            raise BodyTooLarge
        return message

    return receive_counted


def _told_length(headers: Headers) -> int:
    told = headers.get("content-length", "0")
    return int(told) if told.isdecimal() else 0


def host_name(host: str) -> str:
    """The name of a Host header without its port.

    >>> host_name("127.0.0.1:8765"), host_name("[::1]:8765"), host_name("May-Chu.")
    ('127.0.0.1', '[::1]', 'may-chu')
    """
    name = host.lower()
    if name.startswith("["):
        return name[: name.find("]") + 1]
    return name.partition(":")[0].rstrip(".")


def comes_from_here(headers: Headers, host: str) -> bool:
    """Whether a request that changes something was made by a page of the desk itself, or by no browser.

    A browser says so in Sec-Fetch-Site, an older one in Origin; where neither is told there is no page behind it. A
    body must be one that the desk's own forms send.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in OWN_SITES:
        return False
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return False
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in FORM_TYPES or (not kind and headers.get("content-length", "0") == "0")
