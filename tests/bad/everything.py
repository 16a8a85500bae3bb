"""Every made bad file, from all kinds, by its name."""

from __future__ import annotations

from collections.abc import Callable

from tests.bad.bad_pdfs import PDFS, SLOW_PDFS
from tests.bad.bad_pictures import PICTURES, READ, SLOW_PICTURES
from tests.bad.bad_texts import SLOW_TEXTS, TEXTS
from tests.bad.bad_words import DOCUMENTS, SLOW_DOCUMENTS
from tests.bad.odd_papers import PAPERS, RECOGNISED
from tests.bad.odd_texts import CONVERTED, ODD_TEXTS

SLOW: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    **SLOW_PDFS,
    **SLOW_DOCUMENTS,
    **SLOW_PICTURES,
    **SLOW_TEXTS,
}
QUICK: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {**PDFS, **DOCUMENTS, **PICTURES, **TEXTS}
ODD = {
    name: (owed.made, frozenset({owed.refused}) if owed.refused else READ)
    for name, owed in (ODD_TEXTS | CONVERTED | PAPERS | RECOGNISED).items()
}
EVERY = QUICK | SLOW | ODD
"""File name → (its bytes, exit codes that are right)."""
