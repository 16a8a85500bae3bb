"""Damaged Vietnamese made readable, with evidence for every word."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from normalizers.legacy import from_legacy
from normalizers.restore import assets
from normalizers.restore.channel import Channel, NoiseChannel
from normalizers.restore.damage import (
    GLYPHS,
    Counts,
    Skeletons,
    counted,
    has_glyphs,
    legacy_of,
    line_damages,
    main_damage,
)
from normalizers.restore.document import confidences, layer_lines, paragraph_starts, regions, restored_document
from normalizers.restore.evidence import Reason, Restoration, WordEvidence, doubtful, replayed
from normalizers.restore.lines import Passage, Sure, chunk_edits, edits_of
from normalizers.restore.names import settled
from normalizers.restore.passes import read_passage
from normalizers.restore.reading import Scorer
from normalizers.restore.slips import Slips
from schemas.restored import Damage, RestoredDocument
from schemas.source import Edit, RawDocument

_PRIOR_WEIGHT = 0.7
_BY_REASON = {Reason.LEGACY: Damage.LEGACY, Reason.GLYPH: Damage.GLYPHS}
_OF_OWN_OCR = (Damage.NONE, Damage.OCR_NOISE)
"""What a page read by the product's own, Vietnamese OCR may look like: a very poor one is not a foreign engine's."""
_FEWEST_SLIPS, _SLIP_SHARE = 4, 0.008
_DECODED = (Damage.STRIPPED, Damage.OCR_NOISE, Damage.OCR_SLIPS)


@dataclass(frozen=True)
class Restorer:
    """Restores texts and documents; loaded once, used for many."""

    assets: assets.Assets

    @classmethod
    def load(cls) -> Restorer:
        """The restorer over the product's own model (no network)."""
        return cls(assets.load())

    @cached_property
    def skeletons(self) -> Skeletons:
        """The syllables without marks that damage is told by."""
        return Skeletons.of(self.assets.words)

    @cached_property
    def slips(self) -> tuple[NoiseChannel, Slips]:
        """The channel of Vietnamese OCR; read when it is first wanted."""
        return assets.slip_channel(self.assets.words)

    def scorer(self, damage: Damage) -> Scorer:
        """What a damage is decoded with."""
        model = self.assets.model
        prior = (_PRIOR_WEIGHT * model.unigrams[0]).astype(np.float32)
        if damage is Damage.OCR_SLIPS:
            slip_channel, slips = self.slips
            return Scorer(model, slip_channel.for_document(), prior, self.assets.foreign, parts=True, slips=slips)
        noisy = damage is Damage.OCR_NOISE
        channel: Channel = self.assets.noise.for_document() if noisy else self.assets.stripped
        return Scorer(model, channel, prior, self.assets.foreign, noisy)

    def restore(self, text: str, damage: Damage | None = None) -> Restoration:
        """The text restored line by line; good lines are as they were. `damage` overrules what is found.

        In a text that is good otherwise, slips of Vietnamese OCR are looked for, and mended if there are many.

        >>> Restorer.load().restore("Uy ban nhan dan phuong Nam Trieu").text
        'Ủy ban nhân dân phường Nam Triệu'
        """
        lines = text.split("\n")
        return self.restore_lines(
            lines, [number // 40 for number in range(len(lines))], damage=damage, seek_slips=damage is None
        )

    def restore_document(self, raw: RawDocument, seek_slips: bool = False) -> RestoredDocument:
        """The document with its damaged lines restored; good lines are the very same objects.

        `seek_slips` looks for slips of OCR where the file does not say that OCR read it, too: about 0.3 ms a word.
        """
        return restored_document(raw, self.document_restoration(raw, seek_slips))

    def document_restoration(self, raw: RawDocument, seek_slips: bool = False) -> Restoration:
        """The restoration of all lines of a document in reading order, with the evidence of every word."""
        lines = [line.text for line in raw.lines]
        starts = list(paragraph_starts(raw))
        seek: bool | frozenset[int] = layer_lines(raw) or seek_slips
        return self.restore_lines(lines, regions(raw.lines), starts, sure=confidences(raw.lines), seek_slips=seek)

    def doubtful(self, restoration: Restoration, threshold: float = 0.9) -> tuple[WordEvidence, ...]:
        """The words of a restoration whose posterior lies below the threshold."""
        return doubtful(restoration, threshold)

    def restore_lines(
        self,
        lines: Sequence[str],
        regions: Sequence[int],
        new_paragraph: Sequence[bool] | None = None,
        damage: Damage | None = None,
        sure: Mapping[int, Sequence[Sure]] = MappingProxyType({}),
        seek_slips: bool | frozenset[int] = False,
    ) -> Restoration:
        """The lines restored; `regions` are their pages, `new_paragraph` where one begins (else: behind a blank).

        `sure` has the numbers of the lines that were read by OCR, with the confidence of their words. `seek_slips`
        looks for slips of OCR in a text of which nobody knows how it was read, or in some of its lines.
        """
        clean, reason = _readable(lines, self.skeletons)
        damages = [damage] * len(lines) if damage else line_damages(clean, regions, self.skeletons)
        damages = [
            Damage.OCR_SLIPS if found in _OF_OWN_OCR and number in sure else found
            for number, found in enumerate(damages)
        ]
        words = self._decoded(clean, regions, damages, new_paragraph, sure)
        if sought := _sought(seek_slips, damages):
            slips = [Damage.OCR_SLIPS if number in sought else Damage.NONE for number in range(len(lines))]
            more = self._decoded(clean, regions, slips, new_paragraph, {})
            if _has_slips(more):
                words += more
                damages = [Damage.OCR_SLIPS if number in sought else kind for number, kind in enumerate(damages)]
        edits: dict[int, tuple[Edit, ...]] = {}
        words = settled(sorted(words, key=lambda word: (word.line, word.start)), clean, damages)
        by_line: dict[int, list[WordEvidence]] = {}
        for word in words:
            by_line.setdefault(word.line, []).append(word)
        for number, line in enumerate(clean):
            found = edits_of(by_line.get(number, ()))
            same = lines[number] == line
            edits[number] = found if same else chunk_edits(lines[number], replayed(line, found), reason, found)
        text = "\n".join(replayed(line, edits[number]) for number, line in enumerate(lines))
        main = main_damage(damages, clean)
        if main is Damage.NONE:
            main = _BY_REASON.get(reason, main)
        return Restoration("\n".join(lines), text, main, tuple(words), tuple(edits.values()))

    def _decoded(
        self,
        lines: Sequence[str],
        pages: Sequence[int],
        damages: Sequence[Damage],
        new_paragraph: Sequence[bool] | None,
        sure: Mapping[int, Sequence[Sure]],
    ) -> list[WordEvidence]:
        """The evidence of every word of the damaged lines, one kind of damage after the other."""
        words: list[WordEvidence] = []
        for kind in _DECODED:
            if kind in damages:
                chosen = [number for number, found in enumerate(damages) if found is kind]
                passage = Passage.of(lines, pages, chosen, new_paragraph, sure)
                words += read_passage(passage, self.scorer(kind), self.assets, kind)
        return words


def _sought(seek_slips: bool | frozenset[int], damages: Sequence[Damage]) -> frozenset[int]:
    """The numbers of the good lines in which slips are looked for: all where all are good, or those named."""
    if isinstance(seek_slips, bool):
        everywhere = seek_slips and set(damages) == {Damage.NONE}
        return frozenset(range(len(damages))) if everywhere else frozenset()
    return frozenset(number for number in seek_slips if damages[number] is Damage.NONE)


def _has_slips(words: Sequence[WordEvidence]) -> bool:
    """Whether so many words would be mended that they are no typist's: 24 typed plans had 0.6 % at most."""
    changed = sum(word.changed for word in words)
    return changed >= max(_FEWEST_SLIPS, _SLIP_SHARE * len(words))


def _readable(lines: Sequence[str], skeletons: Skeletons) -> tuple[list[str], Reason]:
    """The lines composed, converted from a legacy encoding, without letters of broken fonts; and what was done."""
    composed = [line if line.isascii() else unicodedata.normalize("NFC", line) for line in lines]
    total = Counts()
    for line in composed:
        total += counted(line, skeletons)
    reason = Reason.KEPT if all(map(str.__eq__, lines, composed)) else Reason.UNICODE
    if encoding := legacy_of("\n".join(composed), total):
        converted = [from_legacy(line, encoding) for line in composed]
        return converted, Reason.LEGACY
    if any(has_glyphs(line) for line in composed):
        return [line.translate(GLYPHS) for line in composed], Reason.GLYPH
    return composed, reason
