"""What can be said of a row and a criterion, each by a name that a person understands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.compare.phrases import Phrase, lexicon, plain
from pipeline.compare.prepared import COUNTED, PreparedRow, Vector, Weights, content_words, cosine, recall
from schemas.criteria import CriteriaSet, Criterion, Part

FEATURES = (
    "subject",  # share of the subject's groups that one sentence of the row names
    "whole",  # 1 where it names all of them
    "act",  # 1 in the sentence, 0.8 in an earlier sentence or in the nearest heading that acts
    "heading_subject",  # share that only the headings add
    "parts",  # share of the essential parts
    "words",  # weight of the criterion's words that are in the row
    "cosine",  # of both TF-IDF vectors
    "phrases",  # fuzzy likeness of the texts
    "propaganda",  # 1 where the sentence only tells people of it
    "other_act",  # 1 where the act is asked for and is not there
)
_HEADING_ACT = 0.8
_SAID, _MOSTLY_SAID = 0.8, 0.6
"""Shares of a criterion's words with which a row says it, or says most of it, where nobody wrote a reading."""
_EVERYWHERE = ("place", "people")
_UP_TO_IT = ("place", "channel")
_TELLING_WITHIN = 6
_MOVES = "vận động"
_RIVALS = ("publish", "supervise", "survey", "simplify")
_BEGINNING = 5
"""Words within which the verb of a sentence stands."""


@dataclass(frozen=True, slots=True)
class ReadCriterion:
    """A criterion with its vector and its plain text."""

    criterion: Criterion
    vector: Vector
    plain: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A row held against a criterion: its features, the sentences that speak of it and the parts they name."""

    features: dict[str, float]
    speaking: tuple[int, ...]
    named: frozenset[str]


def read_set(criteria: CriteriaSet) -> tuple[tuple[ReadCriterion, ...], Weights]:
    """The criteria ready to be held against rows, and the weights of their words."""
    weights = Weights.of(one.text for one in criteria.criteria)
    read = [
        ReadCriterion(one, weights.vector(Counter(content_words(one.text))), plain(one.text))
        for one in criteria.criteria
    ]
    return tuple(read), weights


def meet(row: PreparedRow, weights: Weights, wanted: ReadCriterion, half: bool = False) -> Meeting | None:
    """The row against the criterion; None where its words and headings do not name the whole subject.

    With `half` rows that name only half of it are answered too: learning needs them.
    """
    needs = wanted.criterion.needs
    if needs.derived:
        return _by_words(row, weights.vector_of(row), wanted)
    best, speaking = _subject(row, wanted.criterion, half)
    if not speaking or best <= 0:
        return None
    by_heading = 0.0 if best >= 1 else _heading_share(row, wanted.criterion, speaking) - best
    if best + by_heading < 1 and not half:
        return None
    act = max(_act(row, at, needs.act) for at in speaking)
    checks = all(_is_checking(row, at) for at in speaking)
    named = frozenset(part.name for part in needs.parts if _names(row, part, speaking))
    features = _common(row, weights.vector_of(row), wanted, named) | {
        "subject": best,
        "whole": float(best >= 1),
        "act": act,
        "heading_subject": by_heading,
        "propaganda": float(not needs.telling and all(_is_propaganda(row, at, needs.act) for at in speaking)),
        "other_act": float((bool(needs.act) and act == 0) or (needs.act != "supervise" and checks)),
    }
    return Meeting(features, speaking, named)


def _common(row: PreparedRow, vector: Vector, wanted: ReadCriterion, named: frozenset[str]) -> dict[str, float]:
    essential = [part for part in wanted.criterion.needs.parts if part.head != "remark"]
    share = sum(part.name in named for part in essential) / len(essential) if essential else 1.0
    whole = " ".join(sentence.marked for sentence in row.sentences)
    return {
        "parts": share,
        "words": recall(wanted.vector, vector),
        "cosine": cosine(wanted.vector, vector),
        "phrases": fuzz.partial_ratio(wanted.plain, whole) / 100,
    }


def _by_words(row: PreparedRow, vector: Vector, wanted: ReadCriterion) -> Meeting | None:
    known = recall(wanted.vector, vector)
    if known <= 0:
        return None
    everywhere = tuple(range(len(row.sentences)))
    parts = wanted.criterion.needs.parts
    named = frozenset(part.name for part in parts if _half_said(row, part))
    features = _common(row, vector, wanted, named) | {
        "subject": min(1.0, known / _SAID),
        "whole": float(known >= _MOSTLY_SAID),
        "act": 1.0,
        "heading_subject": 0.0,
        "propaganda": 0.0,
        "other_act": 0.0,
    }
    return Meeting(features, everywhere, named)


def _half_said(row: PreparedRow, part: Part) -> bool:
    wanted = content_words(part.name)
    return sum(word in row.counts for word in wanted) * 2 > len(wanted) or not wanted


def _subject(row: PreparedRow, criterion: Criterion, half: bool) -> tuple[float, tuple[int, ...]]:
    needs = criterion.needs
    if not half and not all(any(map(row.may_hold, group)) for group in needs.subject):
        return 0.0, ()
    groups = [[said for said in group if row.may_hold(said)] for group in needs.subject]
    best = 0.0
    speaking: list[int] = []
    for at in range(len(row.sentences)):
        if any(row.holds(at, said) for said in needs.exceptions):
            continue
        share = sum(any(row.holds(at, said) for said in group) for group in groups) / len(groups)
        if share > best:
            best, speaking = share, []
        if share == best and share > 0:
            speaking.append(at)
    return best, tuple(speaking)


def _heading_share(row: PreparedRow, criterion: Criterion, speaking: tuple[int, ...]) -> float:
    groups = criterion.needs.subject
    shares = [
        sum(any(row.holds(at, said) or row.in_heading(said) for said in group) for group in groups) / len(groups)
        for at in speaking
    ]
    return max(shares)


def _act(row: PreparedRow, at: int, act: str) -> float:
    if not act:
        return 1.0
    if acts := _acts(row.sentences[at].marked, act):
        return float(act in acts)
    before = [row.sentences[earlier] for earlier in reversed(range(at))]
    for said in (*before, *row.headings):
        if acts := _acts(said.marked, act):
            return _HEADING_ACT if act in acts else 0.0
    return 0.0


def _says(text: str, phrases: tuple[Phrase, ...]) -> bool:
    return any(all(atom.key in text for atom in one.atoms) for one in phrases)


def _acts(text: str, act: str) -> frozenset[str]:
    names = {*_RIVALS, act} - {""}
    return frozenset(name for name in names if _says(text, lexicon().acts[name]))


def _is_checking(row: PreparedRow, at: int) -> bool:
    """Whether the sentence looks after what others do, or is listed under what is looked after."""
    said = (row.sentences[at], *row.headings[:1])
    return any(_says(_beginning(one.marked), lexicon().checking) for one in said)


def _beginning(sentence: str) -> str:
    return f" {' '.join(sentence.split()[:_BEGINNING])} "


def _is_propaganda(row: PreparedRow, at: int, act: str) -> bool:
    """Whether the sentence, or the one whose list it goes on, tells people of something instead of doing it."""
    first = _tells(row.sentences[at].marked)
    if first < 0:
        return _goes_on_telling(row, at, act)
    if act == "publish":
        own = [row.sentences[at].marked.find(one.atoms[0].key) for one in lexicon().publish_plainly]
        return all(place < 0 or place > first for place in own)
    return True


def _goes_on_telling(row: PreparedRow, at: int, act: str) -> bool:
    """Whether the sentence goes on a list of what is told, or names a channel under a heading of telling."""
    said = row.sentences[at].marked
    if at > 0 and _tells(row.sentences[0].marked) >= 0:
        return not _acts(_beginning(said) if act == "survey" else said, act)
    heading = row.headings[0].marked if row.headings else ""
    return act == "publish" and _tells(heading) >= 0 and not _says(said, lexicon().publish_plainly)


def _tells(sentence: str) -> int:
    """The offset of a telling verb at the sentence's beginning; -1 for none, or where it moves people to act.

    "Tuyên truyền, vận động mỗi hộ cài đặt …" moves people to act.
    """
    places = [sentence.find(one.atoms[0].key) for one in lexicon().propaganda]
    first = min((place for place in places if place >= 0), default=-1)
    before, after = sentence[:first].split(), sentence[first:].split()
    if first < 0 or len(before) > _TELLING_WITHIN or _MOVES in " ".join(after[: _TELLING_WITHIN + 2]):
        return -1
    return first


def _names(row: PreparedRow, part: Part, speaking: tuple[int, ...]) -> bool:
    """Whether the row names the part: places and channels up to the sentence that speaks, others anywhere."""
    reach = range(max(speaking) + 1) if part.head in _UP_TO_IT else range(len(row.sentences))
    if any(row.holds(at, said) for at in reach for said in part.phrases):
        return True
    return part.head in _EVERYWHERE and any(row.in_heading(said) for said in part.phrases)


def counts_alone(row: PreparedRow) -> bool:
    """Whether the row is a task or a request; others only support."""
    return row.row.kind in COUNTED
