"""The plain way that published tools go: bare letters, then the best path over pairs of syllables."""

from __future__ import annotations

import re

import numpy as np

from normalizers.restore.alphabet import bare, case_of, cased
from normalizers.restore.assets import Assets
from normalizers.restore.language import BREAK

_WORD = re.compile(r"[^\W\d_]+")


def bigram_viterbi(text: str, assets: Assets) -> str:
    """The text with marks put back by the best path over pairs, line by line; the letters themselves stay."""
    return "\n".join(_line(line, assets) for line in text.split("\n"))


def _line(line: str, assets: Assets) -> str:
    words = list(_WORD.finditer(bare(line)))
    if not words:
        return line
    found = [assets.stripped.candidates([word.group()])[0].words for word in words]
    scores, columns = np.zeros(1), np.array([BREAK])
    back: list[tuple[np.ndarray, np.ndarray]] = []
    for candidates in found:
        here = candidates if len(candidates) else np.array([4])
        pairs = assets.model.pair_scores(np.repeat(columns, len(here)), np.tile(here, len(columns)))[0]
        total = scores[:, None] + pairs.reshape(len(columns), len(here))
        back.append((here, total.argmax(axis=0)))
        scores, columns = total.max(axis=0), here
    chosen, place = [], int(scores.argmax())
    for here, before in reversed(back):
        chosen.append(int(here[place]))
        place = int(before[place])
    following = iter(reversed(chosen))

    def word(match: re.Match[str]) -> str:
        number = next(following) - 5
        return cased(assets.words[number], case_of(match.group())) if number >= 0 else match.group()

    return _WORD.sub(word, bare(line))
