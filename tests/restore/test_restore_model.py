"""The maps and the language model that are shipped, and how they are built."""

from __future__ import annotations

import hashlib
import itertools
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from normalizers.build import corpus, edits, language, pairs
from normalizers.restore import assets, static_map
from normalizers.restore.language import SPECIAL, LanguageModel
from normalizers.restore.static_map import StaticMap

_DATA = Path(assets.__file__).parents[1] / "data"
_SENTENCES = [
    "Ủy ban nhân dân phường ban hành kế hoạch.",
    "Ủy ban nhân dân xã ban hành kế hoạch.",
    "Phòng Nội vụ chủ trì, phối hợp với các phòng.",
    "Văn phòng Ủy ban nhân dân chủ trì thực hiện kế hoạch.",
] * 6


def test_a_map_gives_its_values_and_knows_strangers() -> None:
    chance = np.random.default_rng(3)
    keys = np.unique(chance.integers(0, 2**45, 20_000, dtype=np.uint64))
    values = chance.integers(0, 256, len(keys)).astype(np.uint8)
    made = static_map.build(keys, values)
    found, known = made.get(keys)
    assert known.all()
    assert (found == values).all()
    strangers = chance.integers(2**46, 2**47, 100_000, dtype=np.uint64)
    assert made.get(strangers)[1].mean() < 1e-4


@pytest.fixture(scope="module")
def small() -> tuple[language.Stream, LanguageModel]:
    everything = corpus.read(_SENTENCES)
    text = language.stream(everything, language.vocabulary(everything))
    arrays, seeds = language.model(text)
    model = LanguageModel(
        arrays[assets.UNIGRAMS],
        StaticMap(arrays[assets.PAIRS], arrays[assets.PAIR_VALUES], seeds[0]),
        StaticMap(arrays[assets.TRIPLES], arrays[assets.TRIPLE_VALUES], seeds[1]),
    )
    return text, model


def test_probabilities_behind_a_word_sum_to_one(small: tuple[language.Stream, LanguageModel]) -> None:
    text, model = small
    size = len(SPECIAL) + len(text.words)
    for name in ("nhân", "ủy", "chủ", "kế"):
        first = np.full(size, len(SPECIAL) + text.words.index(name))
        scores, _, _ = model.pair_scores(first, np.arange(size))
        assert np.exp(scores).sum() == pytest.approx(1, abs=0.06)  # values are kept in steps of 0.06 nats


def test_what_was_seen_is_likelier(small: tuple[language.Stream, LanguageModel]) -> None:
    text, model = small
    number = {word: index + len(SPECIAL) for index, word in enumerate(text.words)}
    first = np.array([number["nhân"], number["nhân"]])
    second = np.array([number["dân"], number["phòng"]])
    seen, unseen = model.pair_scores(first, second)[0]
    assert seen > unseen + 1


def test_two_builds_are_alike() -> None:
    built = []
    for _ in range(2):
        everything = corpus.read(_SENTENCES)
        arrays, seeds = language.model(language.stream(everything, language.vocabulary(everything)))
        built.append((seeds, [(name, array.tobytes()) for name, array in arrays.items()]))
    assert built[0] == built[1]


def test_lines_that_share_eight_words_with_a_test_are_dropped() -> None:
    training = corpus.read(["một hai ba bốn năm sáu bảy tám chín", "một hai ba bốn năm sáu bảy", "khác hẳn đi"])
    tests = corpus.read(["và Hai ba, bốn năm sáu bảy tám chín mười"])
    kept, dropped = corpus.without_tests(training, tests)
    assert dropped == 1
    assert "tám" not in [kept.types[number] for number in kept.ids]


def test_word_pairs_strip_only_shared_punctuation() -> None:
    assert pairs.word_pair("chức,", "cht’c,") == ("chức", "cht’c")
    assert pairs.word_pair("sử", "st?") == ("sử", "st?")
    assert pairs.word_pair("“Chính", "“Chinh") == ("Chính", "Chinh")
    assert pairs.word_pair("49/KH-UBND", "49/KH-UBND") is None


def test_edits_are_learned_and_borrowed() -> None:
    counts = Counter({("chức", "chtrc"): 30, ("thức", "thtrc"): 20, ("đã", "da"): 50, ("là", "la"): 50})
    learned = edits.learned(counts)
    assert learned["ứ", "tr"] > -1
    assert learned["đ", "d"] > -0.5
    assert learned["ữ", "u"] > -3  # never seen: the bare letter is always near
    assert ("ữ", "tr") in learned  # borrowed from ứ


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    listed = tomllib.loads((_DATA / "MANIFEST.toml").read_text(encoding="utf-8"))
    names = {path.name for path in _DATA.glob("restore_*")}
    assert names == {name for name in listed if name.startswith("restore_")}
    for name in names:
        data = (_DATA / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (listed[name]["size"], listed[name]["sha256"])
    assert sum(path.stat().st_size for path in _DATA.iterdir()) <= 15_000_000


def test_no_reading_holds_more_than_a_word() -> None:
    loaded = assets.load()
    assert all(" " not in form for form in loaded.noise.readings)
    assert all(" " not in word for word in itertools.chain(loaded.words, loaded.foreign))
