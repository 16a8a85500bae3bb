"""Files that leave the desk: always to be saved, never to be shown by the browser as a page of ours."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi.responses import Response

UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')
SANDBOX = "sandbox; default-src 'none'"


def disposition(name: str) -> str:
    """The header that saves a file under its name: plain letters for old browsers, RFC 5987 for the others.

    >>> disposition('Kế hoạch "1"\\r\\n.pdf')
    'attachment; filename="K_ ho_ch _1___.pdf"; filename*=UTF-8\\'\\'K%E1%BA%BF%20ho%E1%BA%A1ch%20_1___.pdf'
    """
    clean = UNSAFE.sub("_", name) or "tep"
    plain = clean.encode("ascii", "replace").decode("ascii").replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def attachment(content: bytes, name: str, kind: str = "application/octet-stream") -> Response:
    """The answer that hands a file over."""
    headers = {"content-disposition": disposition(name), "content-security-policy": SANDBOX}
    return Response(content, media_type=kind, headers=headers)
