"""The network of the context sees the words around a place, not its own, and adds to what was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from normalizers.build import context_examples, corpus, language
from normalizers.build.context import Batches, Trainer, trained
from normalizers.build.context_examples import Examples, Lists
from normalizers.build.texts import score
from normalizers.restore import Restorer
from normalizers.restore.alphabet import bare
from normalizers.restore.context import FAR, WEIGHTS, Network, packed
from normalizers.restore.language import SPECIAL
from schemas.restored import Damage

_WORDS = 200


@pytest.fixture(scope="module")
def network() -> Network:
    chance = np.random.default_rng(5)
    sizes = {"words": (_WORDS, 8), "window": (16, 18 * 8), "hidden": (16, 16), "out": (8, 16)}
    arrays = {}
    for name, size in sizes.items():
        arrays[name], arrays[f"{name}_step"] = packed(chance.normal(0, 0.5, size).astype(np.float32))
        if name != "words":
            arrays[f"{name}_bias"] = chance.normal(0, 0.5, size[0]).astype(np.float32)
    return Network.of({**arrays, "bias": np.zeros(_WORDS, dtype=np.float32)})


def _text(n: int) -> np.ndarray:
    return np.random.default_rng(1).integers(5, _WORDS, n)


def _outputs(network: Network, text: np.ndarray) -> np.ndarray:
    return network.opinion(text, [(n, n, int(word)) for n, word in enumerate(text)], len(text)).outputs


def test_eight_bits_lose_at_most_half_a_step() -> None:
    weights = np.random.default_rng(2).normal(0, 1, (5, 40)).astype(np.float32)
    small, step = packed(weights)
    assert np.abs(small * step - weights).max() <= step.max() / 2 + 1e-6


@pytest.mark.parametrize(
    ("moved", "seen"), [(0, False), (1, True), (-8, True), (20, True), (FAR, True), (FAR + 1, False)]
)
def test_what_a_place_sees(network: Network, moved: int, seen: bool) -> None:
    text, place = _text(120), 60
    other = text.copy()
    other[place + moved] = (other[place + moved] + 7) % (_WORDS - 5) + 5
    before, after = _outputs(network, text)[place], _outputs(network, other)[place]
    assert np.allclose(before, after, atol=1e-5) != seen


def test_a_long_text_is_read_like_its_parts(network: Network) -> None:
    text = _text(2500)
    assert np.allclose(_outputs(network, text)[1000:1060], _outputs(network, text[900:1200])[100:160], atol=1e-4)


def test_gains_are_told_against_the_word_read_first(network: Network) -> None:
    text = _text(50)
    opinion = network.opinion(text, [(7, 7, int(text[7])), (9, 9, int(text[9]))], 50)
    words = np.arange(5, _WORDS)
    gains = opinion.gains(np.full(len(words), 7), words)
    assert gains[text[7] - 5] == 0
    assert gains.min() < 0 < gains.max()
    fit = network.fit(np.repeat(opinion.outputs[7:8], len(words), axis=0), words)
    assert (np.diff(gains[np.argsort(fit)]) >= 0).all()
    assert (opinion.gains(np.full(len(words), 8), words) == 0).all()


def test_a_place_read_as_no_known_word_keeps_the_best(network: Network) -> None:
    text = _text(50)
    text[7] = 4
    gains = network.opinion(text, [(7, 7, 4)], 50).gains(np.full(30, 7), np.arange(10, 40))
    assert gains.max() == 0
    assert gains.min() < 0


def test_the_network_makes_fewer_mistakes_than_none() -> None:
    source = Path("sample_docs/text/004_nam_trieu_ocr.txt")
    truth = Path(__file__).with_name("data").joinpath("004_read.txt").read_text(encoding="utf-8")
    noisy = source.read_text(encoding="utf-8")
    restorer = Restorer.load()
    without = Restorer(replace(restorer.assets, context=None))
    with_it, alone = (score(truth, one.restore(noisy, Damage.OCR_NOISE).text) for one in (restorer, without))
    assert with_it.errors < alone.errors


_SENTENCES = [
    "Ủy ban nhân dân phường ban hành kế hoạch thực hiện trong năm nay và các năm sau.",
    "Phòng Nội vụ chủ trì, phối hợp với các phòng ban và nhân dân thực hiện đúng kế hoạch.",
    "Ủy ban nhân dân xã dùng ngân sách của xã để sửa đường và làm sạch các bãi đất hoang.",
] * 200


@pytest.fixture(scope="module")
def small() -> tuple[language.Stream, Lists]:
    everything = corpus.read(_SENTENCES)
    text = language.stream(everything, language.vocabulary(everything))
    size = len(SPECIAL) + len(text.words)
    siblings = context_examples.siblings(text.words, text.counts)
    # each word may be read as one form, that of its letters
    forms = np.full((size, 12), -1, dtype=np.int32)
    forms[:, 0] = np.arange(size)
    scores = np.where(siblings >= 0, 0, -99).astype(np.float32)
    return text, Lists(siblings, siblings, scores, forms, np.ones((size, 12)))


@pytest.mark.parametrize("noisy", [False, True])
def test_examples_hold_the_right_word(small: tuple[language.Stream, Lists], noisy: bool) -> None:
    text, table = small
    half = context_examples.halves(len(text.ids), np.random.default_rng(0))
    models = [context_examples.model_of(text, np.ones(len(text.ids), dtype=bool))] * 2
    found = context_examples.examples(text.ids, half, models, table, noisy, 3)
    assert len(found.places) >= 3
    assert (found.words[np.arange(len(found.places)), found.right] == text.ids[found.places]).all()
    letters = {bare(text.words[word - len(SPECIAL)]) for word in found.words[0] if word >= 0}
    assert len(letters) == 1
    assert (found.scores.max(axis=1) == 0).all()


def test_siblings_have_the_same_letters(small: tuple[language.Stream, Lists]) -> None:
    text, table = small
    number = {word: index for index, word in enumerate(text.words, start=len(SPECIAL))}
    assert set(table.siblings[number["ban"]].tolist()) == {number["ban"], -1}
    assert {number["dùng"], number["đúng"]} <= set(table.siblings[number["dùng"]].tolist())


def _trained(small: tuple[language.Stream, Lists]) -> tuple[Trainer, Batches]:
    text, table = small
    trainer, batches = Trainer.of(len(text.counts), 8, 16), Batches.of(text.ids, table)
    places = np.flatnonzero(table.siblings[text.ids][:, 1] >= 0)
    places = places[(places > FAR) & (places < len(text.ids) - FAR)]
    words = table.siblings[text.ids[places]]
    right = (words == text.ids[places][:, None]).argmax(axis=1).astype(np.int8)
    some = Examples(places.astype(np.int32), words, np.zeros(words.shape, dtype=np.float16), right)
    trained(trainer, batches, some, some, (40, 10))
    return trainer, batches


def test_two_trainings_give_the_same_bytes_and_the_product_computes_the_same(
    small: tuple[language.Stream, Lists],
) -> None:
    pytest.importorskip("torch", reason="torch (giaoviec[train]) is only needed to build the network")
    (trainer, batches), (again, _) = _trained(small), _trained(small)
    arrays = trainer.arrays()
    assert all(value.tobytes() == again.arrays()[name].tobytes() for name, value in arrays.items())
    network = Network.of(arrays)
    text, table = small
    places = np.array([100, 200, 300])
    words = np.maximum(table.siblings[text.ids[places]], 0)
    theirs = trainer.fit(text.ids[places[:, None] + np.arange(-FAR, FAR + 1)], words, 0.0).detach().numpy()
    outputs = _outputs(network, text.ids)[places]
    ours = np.stack([network.fit(outputs, words[:, column].astype(np.int64)) for column in range(words.shape[1])], 1)
    assert np.abs(ours - theirs).max() < 0.1  # what 8 bits lose
    assert set(WEIGHTS) <= set(arrays)
    assert batches.ids is text.ids
