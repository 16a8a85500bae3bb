"""`python -m normalizers.build.accuracy_restore [PAGES | slips]`: how well texts are restored, with baselines.

The texts come from the folder that the environment variable SHARED names (plans, seeds); without it the sample
documents of the repository are used. Pages are rendered here and read by tesseract's English model.
"""

from __future__ import annotations

import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from normalizers.build import accuracy_slips
from normalizers.build.baseline import bigram_viterbi
from normalizers.build.render import TESTING, Look, languages, read_page, wrapped
from normalizers.build.texts import Score, digit_tokens, score, syllables
from normalizers.restore import Restoration, Restorer
from normalizers.restore.alphabet import bare
from schemas.restored import Damage

_ROOT = Path(__file__).parents[2]
_SCAN = "15_"
_EMPHASIS = re.compile(r"[*|_]+")
_LINES = 45
_LONGEST = 16_000
_FONTS = ("tinos", "arimo", "dejavu-serif")
_DPI = (200, 150, 300, 250)
_SEED_LOOKS = (Look("tinos", 14, 300, "clean"), Look("tinos", 14, 200, "blur"), Look("tinos", 14, 150, "noise"))
_EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.01)


@dataclass(frozen=True, slots=True)
class Sample:
    """One text as it should be and as it is given."""

    truth: str
    given: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one system made of one test; `seconds` for all its texts, `failures` what it could not take."""

    score: Score
    seconds: float
    failures: int = 0


def texts(folder: Path) -> Iterator[str]:
    """Yield the clean texts of a folder: no draft reading of a scan, no damaged sample."""
    for path in sorted(folder.glob("*.txt")):
        if not path.name.startswith((_SCAN, "004")):
            yield unicodedata.normalize("NFC", _EMPHASIS.sub(" ", path.read_text(encoding="utf-8")))[:_LONGEST]


def _printed(text: str) -> list[str]:
    return [part for line in text.splitlines() if len(line.split()) > 2 for part in wrapped(line)]


def read_samples(sources: Sequence[str], looks: Sequence[Look], pages: int, language: str = "eng") -> list[Sample]:
    """Pages of the texts as OCR reads them; lines of which it read nothing are left out."""
    samples = []
    for number, text in enumerate(sources):
        lines = _printed(text)
        for page in range(min(pages, max(1, len(lines) // _LINES))):
            part = lines[page * _LINES : (page + 1) * _LINES]
            read = read_page(part, looks[(number + page) % len(looks)], language)
            kept = [(clean, noisy) for clean, (noisy, _) in zip(part, read, strict=True) if noisy]
            if kept:
                samples.append(Sample("\n".join(c for c, _ in kept), "\n".join(n for _, n in kept)))
    return samples


def run(system: Callable[[str], str], samples: Sequence[Sample], by_line: bool = False) -> Row:
    """The row of a system over the samples, whole or line by line."""
    total, failures, start = Score(), 0, time.perf_counter()
    outputs = []
    for sample in samples:
        lines = []
        for part in sample.given.split("\n") if by_line else [sample.given]:
            try:
                lines.append(system(part))
            except (KeyError, IndexError):  # pyvi raises them on words that it does not know
                failures += 1
                lines.append(part)
        outputs.append("\n".join(lines))
    seconds = time.perf_counter() - start
    for sample, output in zip(samples, outputs, strict=True):
        total += score(sample.truth, output)
    return Row(total, seconds, failures)


def calibration(restored: Sequence[tuple[Sample, Restoration]]) -> list[tuple[float, int, int]]:
    """(lower edge of the posterior, words, right words) by ranges of the posterior."""
    counts = [[0, 0] for _ in _EDGES]
    for sample, restoration in restored:
        words = [
            (part, word.posterior)
            for word in restoration.words
            if not word.protected
            for part in syllables(word.chosen)
        ]
        blocks = Levenshtein.opcodes(syllables(sample.truth), [part for part, _ in words]).as_matching_blocks()
        right = {block.b + step for block in blocks for step in range(block.size)}
        for number, (_, posterior) in enumerate(words):
            place = max(index for index, edge in enumerate(_EDGES) if posterior >= edge)
            counts[place][0] += 1
            counts[place][1] += number in right
    return [(edge, all_, good) for edge, (all_, good) in zip(_EDGES, counts, strict=True) if all_]


def digits_changed(restored: Sequence[tuple[Sample, Restoration]]) -> int:
    """How many protected tokens of the given texts are not the same in the restored ones."""
    changed = 0
    for sample, restoration in restored:
        changed += Levenshtein.distance(digit_tokens(sample.given), digit_tokens(restoration.text))
    return changed


def _pyvi() -> Callable[[str], str] | None:
    try:
        accents = import_module("pyvi.ViUtils").add_accents
    except ImportError:
        return None

    def system(text: str) -> str:
        return str(accents(text)) if text.strip() else text

    return system


def main() -> None:
    """Print the table; of `slips` only what Vietnamese OCR reads of poor pages, and the clean texts."""
    only_slips = sys.argv[1:] == ["slips"]
    n_pages = int(sys.argv[1]) if len(sys.argv) > 1 and not only_slips else 1
    shared = os.environ.get("SHARED")
    seeds_folder = Path(shared) / "seeds" if shared else _ROOT / "sample_docs" / "text"
    seeds = list(texts(seeds_folder))
    plans = list(texts(Path(shared) / "plans")) if shared else []
    if not only_slips:
        _report_all(seeds_folder, seeds, plans, n_pages)
    pages = [_printed(text)[:_LINES] for text in [*plans, *seeds]]
    accuracy_slips.report(list(accuracy_slips.poor_pages(pages)), Restorer.load())
    _report_clean([*seeds, *plans])


def _report_all(seeds_folder: Path, seeds: Sequence[str], plans: Sequence[str], n_pages: int) -> None:
    """Print the tests of stripped texts and of English OCR."""
    looks = [
        Look(font, 13, dpi, damage) for font, dpi, damage in zip(_FONTS * 4, _DPI * 3, list(TESTING) * 3, strict=True)
    ]
    tests: list[tuple[str, Damage, list[Sample]]] = [
        ("seeds, stripped", Damage.STRIPPED, [Sample(text, bare(text)) for text in seeds]),
        ("plans, stripped", Damage.STRIPPED, [Sample(text, bare(text)) for text in plans]),
        ("plans, eng, unseen damages", Damage.OCR_NOISE, read_samples(plans, looks, n_pages)),
    ]
    latin = read_samples(seeds, _SEED_LOOKS, 1, "Latin") if "Latin" in languages() else []
    tests.append(("seeds, Latin letters", Damage.OCR_NOISE, latin))
    for look in _SEED_LOOKS:
        tests.append((f"seeds, eng {look.dpi} dpi", Damage.OCR_NOISE, read_samples(seeds, [look], n_pages + 1)))
    reading = _ROOT / "tests" / "restore" / "data" / "004_read.txt"
    given = next(seeds_folder.glob("004*.txt"), None)
    if given and reading.exists():
        sample = Sample(reading.read_text(encoding="utf-8"), given.read_text(encoding="utf-8"))
        tests.append(("Nam Trieu as received", Damage.OCR_NOISE, [sample]))
    for name, damage, samples in tests:
        if samples:
            _report(name, damage, samples)


def _report(name: str, damage: Damage, samples: list[Sample]) -> None:
    restorer = Restorer.load()
    systems: list[tuple[str, Callable[[str], str] | None]] = [
        ("raw", lambda text: text),
        ("pyvi", _pyvi()),
        ("pairs, Viterbi", lambda text: bigram_viterbi(text, restorer.assets)),
        ("ours", lambda text: restorer.restore(text, damage).text),
    ]
    print(f"{name}: {sum(len(syllables(sample.truth)) for sample in samples)} syllables")
    for label, system in systems:
        if system is None:
            print(f"  {label:16} not installed")
            continue
        row = run(system, samples, by_line=label == "pyvi")
        speed = row.score.total / max(row.seconds, 1e-6)
        print(f"  {label:16} {row.score.accuracy:6.2f} %  {speed:9.0f} syllables/s  {row.failures} failures")
    restored = [(sample, restorer.restore(sample.given, damage)) for sample in samples]
    print(f"  protected tokens changed: {digits_changed(restored)}")
    table = calibration(restored)
    words, wrong = sum(n for _, n, _ in table), sum(n - good for _, n, good in table)
    for edge, n, good in table:
        print(f"  posterior from {edge:4.2f}: {n:6} words, {100 * good / n:6.2f} % right")
    flagged = [(n, n - good) for edge, n, good in table if edge < 0.9]
    shares = 100 * sum(n for n, _ in flagged) / max(1, words), 100 * sum(w for _, w in flagged) / max(1, wrong)
    print(f"  below 0.9: {shares[0]:.2f} % of words, {shares[1]:.1f} % of the errors")


def _report_clean(clean: Sequence[str]) -> None:
    restorer = Restorer.load()
    start = time.perf_counter()
    changed = sum(len(restorer.restore(text).words) for text in clean)
    words = sum(len(text.split()) for text in clean)
    seconds = time.perf_counter() - start
    print(f"clean texts: {changed} of {words} words touched; {1000 * seconds / (words / 450):.2f} ms a page")


if __name__ == "__main__":
    main()
