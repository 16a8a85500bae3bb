"""What restoration hands over: the same blocks, readable, with the evidence of every repair on its line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.source import Block, Line, RawDocument, Table


class Damage(StrEnum):
    """How a text is damaged."""

    NONE = "none"
    STRIPPED = "stripped"
    """Vietnamese typed without marks: "Uy ban nhan dan"."""
    OCR_NOISE = "ocr_noise"
    """A Vietnamese page read by a foreign OCR model: "Cin ctr Ké hoach sb 49/KH-UBND"."""
    OCR_SLIPS = "ocr_slips"
    """Vietnamese OCR with some wrong marks."""
    LEGACY = "legacy"
    """TCVN3, VNI, VPS or VIQR bytes shown as Latin letters."""
    GLYPHS = "glyphs"
    """A wrong glyph map: "lƣợng", "định kǶ"."""


@dataclass(frozen=True, slots=True)
class RestoredDocument:
    """`blocks` mirror `raw.blocks` one to one; a repaired line carries `original` and `edits`."""

    raw: RawDocument
    blocks: tuple[Block, ...]
    damage: Damage = Damage.NONE

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in reading order, those of tables included."""
        return tuple(
            line for block in self.blocks for line in (block.lines if isinstance(block, Table) else (block,))
        )
