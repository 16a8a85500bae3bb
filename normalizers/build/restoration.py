"""The assets of restoration, built from the corpus and the pairs of words; the same inputs give the same bytes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normalizers.build import corpus, edits, language, pairs, slips
from normalizers.build.manifest import DATA, Entry, record
from normalizers.restore import assets
from normalizers.restore.language import SPECIAL

_COMMUNES = DATA / "communes.tsv"
_FORMULAS = Path(__file__).with_name("formulas.txt")
_REPEATED = 3
_FORMULAS_REPEATED = 40
_KNOWN_FORMS = 6_000
_SLIP_LEAST = 1
_KNOWN_WORDS = 70
_LICENCE = "GPL-3.0-or-later; counts only"
_COMMAND = "python -m normalizers.build restoration --corpus CORPUS --pairs PAIRS --slips SLIPS --tests TEXTS"


def _gazetteer() -> Iterator[str]:
    """Yield the units of the country as text, and the formulas of letterheads."""
    rows = csv.DictReader(_COMMUNES.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    units = list(rows)
    names = sorted({f"{row['level']} {row['name']}" for row in units} | {row["province"] for row in units})
    formulas = [line for line in _FORMULAS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for _ in range(_REPEATED):
        yield from names
    for _ in range(_FORMULAS_REPEATED):
        yield from formulas


def corpus_of(lines: Iterable[str], tests: Sequence[Path]) -> corpus.Corpus:
    """The lines as numbers, without those that share a run of words with a test text."""
    everything = corpus.read(lines)
    held_out = corpus.read(chain.from_iterable(corpus.lines_of(path) for path in tests))
    kept, dropped = corpus.without_tests(everything, held_out)
    print(f"{len(everything.ids)} tokens; {dropped} lines share eight words with a test text and were dropped")
    return kept


def build_language(corpus_files: Sequence[Path], tests: Sequence[Path]) -> None:
    """Write the language model, its words and the known foreign words."""
    kept = corpus_of(chain(chain.from_iterable(corpus.lines_of(path) for path in corpus_files), _gazetteer()), tests)
    words = language.vocabulary(kept)
    text, slips = language.without_slips(language.stream(kept, words))
    print(f"{slips} slips of OCR in the corpus were put right")
    arrays, seeds = language.model(text)
    sources = [*corpus_files, _COMMUNES, _FORMULAS]
    for name, array in arrays.items():
        packed = io.BytesIO()
        np.save(packed, array)
        write_asset(name, packed.getvalue(), sources)
    head = "#\t" + "\t".join(map(str, seeds))
    rows = [f"{word}\t{title}" for word, title in zip(words, text.title[len(SPECIAL) :], strict=True)]
    write_asset(assets.WORDS, "\n".join([head, *rows, ""]).encode(), sources)
    write_asset(assets.FOREIGN, "\n".join([*language.foreign(kept, words), ""]).encode(), sources)


def build_channel(pair_files: Sequence[Path]) -> None:
    """Write the counted readings and the character edits."""
    counts, kinds = pairs.counted(list(pair_files))
    learned = edits.learned(counts)
    print(f"{sum(counts.values())} words, {len(counts)} readings, {len(learned)} edits, groups {dict(kinds)}")
    kept = _trimmed(counts)
    rows = [f"{printed}\t{read}\t{count}" for (printed, read), count in sorted(kept.items())]
    write_asset(assets.READINGS, gzip.compress("\n".join([*rows, ""]).encode(), mtime=0), pair_files)
    table = [f"{printed}\t{read}\t{value:.3f}" for (printed, read), value in sorted(learned.items()) if printed]
    write_asset(assets.EDITS, "\n".join([*table, ""]).encode(), pair_files)


def build_slips(pair_files: Sequence[Path]) -> None:
    """Write the readings, the edits and the odds by confidence of Vietnamese OCR."""
    counts, odds = slips.counted(pair_files)
    learned = edits.learned(counts)
    print(f"{sum(counts.values())} words read by Vietnamese OCR, {len(counts)} readings, {len(learned)} edits")
    kept = {pair: count for pair, count in _trimmed(counts).items() if count >= _SLIP_LEAST}
    rows = [f"{printed}\t{read}\t{count}" for (printed, read), count in sorted(kept.items())]
    write_asset(assets.SLIP_READINGS, gzip.compress("\n".join([*rows, ""]).encode(), mtime=0), pair_files)
    table = [f"{printed}\t{read}\t{value:.3f}" for (printed, read), value in sorted(learned.items()) if printed]
    write_asset(assets.SLIP_EDITS, "\n".join([*table, ""]).encode(), pair_files)
    gains = [f"{edge:g}\t{same:.3f}\t{other:.3f}" for edge, same, other in odds]
    write_asset(assets.SLIP_ODDS, "\n".join([*gains, ""]).encode(), pair_files)


def build_known(sources: Sequence[Path]) -> None:
    """Write the words that the common forms may have been, so that they need no search at run time."""
    loaded = assets.load(known=False, context=False)
    common = Counter({form: sum(words.values()) for form, words in loaded.noise.readings.items()})
    prior = 0.7 * loaded.model.unigrams[0][len(SPECIAL) :]
    keys, counts, words, scores = [], [], [], []
    for form in sorted(form for form, count in common.most_common(_KNOWN_FORMS) if "\n" not in form):
        for key, (found, values) in loaded.noise.searched(form).items():
            best = np.sort(np.argsort(-(values + prior[found]), kind="stable")[:_KNOWN_WORDS])
            keys.append(key)
            counts.append(len(best))
            words.append(found[best])
            scores.append(values[best])
    write_asset(assets.KNOWN, _packed(keys, counts, words, scores), sources)
    print(f"{len(keys)} common forms, {sum(counts)} readings")


def _packed(
    keys: list[str], counts: list[int], words: list[npt.NDArray[np.int64]], scores: list[npt.NDArray[np.float32]]
) -> bytes:
    """The arrays as the bytes of an npz (its members carry no date)."""
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        forms=np.frombuffer("\n".join(keys).encode(), dtype=np.uint8),
        counts=np.array(counts, dtype=np.uint16),
        words=np.concatenate([*words, np.empty(0)]).astype(np.uint16),
        scores=language.quantised(np.concatenate([*scores, np.empty(0)])).astype(np.uint8),
    )
    return packed.getvalue()


def _trimmed(counts: Counter[pairs.Pair]) -> dict[pairs.Pair, int]:
    """The readings without those that hold white space."""
    return {pair: count for pair, count in counts.items() if not any(part.split() != [part] for part in pair)}


def write_asset(
    name: str, data: bytes, sources: Sequence[Path], command: str = _COMMAND, licence: str = _LICENCE
) -> None:
    """Write a data file and its entry in the manifest."""
    (DATA / name).write_bytes(data)
    inputs = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    record(
        Entry(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            licence=licence,
            source=json.dumps(inputs, sort_keys=True),
            command=command,
        )
    )
