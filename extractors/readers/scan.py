"""x"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extractors.readers.pdf_page import PageContent
from schemas.source import Block


def read_pdf_page(pdf: Any, page: Any, content: PageContent) -> Iterable[Block]:
    """x."""
    return []
