"""How a task table compares with a hand-made one; the same figures as the contract's own scorer.

Rows are paired one to one by their words. Rows, bodies, times and legal bases are scored by F1 over facts, so that a
body on an invented row counts as wrong; path, kind and text over the paired rows.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from normalizers.bodies import body_key
from normalizers.unicode import nfc, tone_marks

Row = dict[str, Any]
_WORD = re.compile(r"[\w%]+")
_SPACE = re.compile(r"\s+")
_SAME_ROW = 0.60
"""Token F1 from which two rows are held to be the same."""
_SAME_TITLE = 0.9
FIELDS = ("issuer", "doc_type", "doc_number", "issued_date", "place", "title", "signer", "plan_years")
"""The metadata that are scored."""


def folded(text: str) -> str:
    """Case, spacing, Unicode form and the place of the tone mark made one.

    >>> folded("Uỷ  ban") == folded("ủy ban")
    True
    """
    return " ".join(tone_marks(nfc(text or "").casefold()).split())


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


def _token_f1(a: list[str], b: list[str]) -> float:
    shared = sum((Counter(a) & Counter(b)).values())
    return 2 * shared / (len(a) + len(b)) if a and b else 0.0


def _bodies(value: Iterable[str] | str | None, issuer: str) -> set[str]:
    names = re.split(r"\s*;\s*", value) if isinstance(value, str) else (value or ())
    return {body_key(name, issuer) for name in names if name and name.strip()}


def _times(row: Row) -> set[str]:
    facts = {f"{name} {str(row[name])[:10]}" for name in ("start", "due") if row.get(name)}
    for rule in (row.get("recurrence") or "").split():
        facts.add(";".join(sorted(rule.removeprefix("RRULE:").split(";"))))
    return facts


def _bases(document: Row) -> set[str]:
    facts = set()
    for base in document.get("legal_bases") or []:
        key = base.get("number") or f"{base.get('doc_type')} {base.get('date')} {base.get('subject')}"
        facts.add(_SPACE.sub("", folded(key)))
    return facts


@dataclass(slots=True)
class Facts:
    """Facts that agree, that were found, and that are in the gold."""

    hit: int = 0
    found: int = 0
    gold: int = 0

    def add(self, gold: set[str], found: set[str]) -> None:
        """Count one pair of sets."""
        self.hit += len(gold & found)
        self.found += len(found)
        self.gold += len(gold)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1.0 where there is nothing to find and nothing was found."""
        return 2 * self.hit / (self.found + self.gold) if self.found + self.gold else 1.0

    def __add__(self, other: Facts) -> Facts:
        """The facts of both."""
        return Facts(self.hit + other.hit, self.found + other.found, self.gold + other.gold)


@dataclass(slots=True)
class Score:
    """The comparison of one table, or the sum of several."""

    rows: Facts = field(default_factory=Facts)
    path: Facts = field(default_factory=Facts)
    kind: Facts = field(default_factory=Facts)
    text: list[float] = field(default_factory=list)
    lead: Facts = field(default_factory=Facts)
    coordinating: Facts = field(default_factory=Facts)
    time: Facts = field(default_factory=Facts)
    fields: Facts = field(default_factory=Facts)
    legal_bases: Facts = field(default_factory=Facts)
    differences: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Each measure by its name, 0–1, rounded to four places."""
        text = sum(self.text) / len(self.text) if self.text else 0.0
        names = ("rows", "path", "kind", "lead", "coordinating", "time", "fields", "legal_bases")
        figures = {name: getattr(self, name).f1 for name in names} | {"text": text}
        return {name: round(value, 4) for name, value in figures.items()}

    def __add__(self, other: Score) -> Score:
        """Both, facts pooled."""
        names = list(self.__dataclass_fields__)
        return Score(**{name: getattr(self, name) + getattr(other, name) for name in names})


def pair_rows(gold: list[Row], found: list[Row]) -> list[tuple[int, int]]:
    """Indexes of rows that are the same, the best pairs first, an equal path breaking ties."""
    gold_words = [_words(row["text"]) for row in gold]
    found_words = [_words(row.get("text", "")) for row in found]
    candidates = [
        (round(score, 4), gold[i].get("path") == found[j].get("path"), -abs(i - j), i, j)
        for i, g in enumerate(gold_words)
        for j, f in enumerate(found_words)
        if (score := _token_f1(g, f)) >= _SAME_ROW
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, _, i, j in sorted(candidates, reverse=True):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return sorted(pairs.items())


def _text_accuracy(gold: Row, found: Row) -> float:
    a, b = _words(gold["text"]), _words(found.get("text", ""))
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(a), len(b))


def _score_pair(score: Score, gold: Row, found: Row) -> None:
    for name in ("path", "kind"):
        same = gold[name] == found.get(name)
        getattr(score, name).add({"x"}, {"x" if same else "y"})
        if not same:
            score.differences.append(f"{gold['path']}: {name}: {gold[name]!r} expected, {found.get(name)!r} found")
    accuracy = _text_accuracy(gold, found)
    score.text.append(accuracy)
    if accuracy < 1:
        score.differences.append(f"{gold['path']}: text {accuracy:.2f}: {gold['text']!r} / {found.get('text')!r}")


def score_rows(gold: list[Row], found: list[Row], issuer: str) -> Score:
    """The comparison of two tables; `issuer` is the gold's."""
    score = Score()
    pairs = dict(pair_rows(gold, found))
    score.rows = Facts(len(pairs), len(found), len(gold))
    for i, j in pairs.items():
        _score_pair(score, gold[i], found[j])
    measures: dict[str, Callable[[Row], set[str]]] = {
        "lead": lambda row: _bodies(row.get("lead"), issuer),
        "coordinating": lambda row: _bodies(row.get("coordinating"), issuer),
        "time": _times,
    }
    matched = set(pairs.values())
    for name, facts_of in measures.items():
        measure = getattr(score, name)
        for i, row in enumerate(gold):
            own = facts_of(found[pairs[i]]) if i in pairs else set()
            measure.add(facts_of(row), own)
            if i in pairs and facts_of(row) != own:
                score.differences.append(
                    f"{row['path']}: {name}: {sorted(facts_of(row))} expected, {sorted(own)} found"
                )
        for j, row in enumerate(found):
            if j not in matched:
                measure.add(set(), facts_of(row))
    score.differences += [
        f"{row['path']}: missed: {row['text'][:90]}" for i, row in enumerate(gold) if i not in pairs
    ]
    score.differences += [
        f"{row.get('path')}: invented: {row.get('text', '')[:90]}" for j, row in enumerate(found) if j not in matched
    ]
    return score


def _same_field(name: str, gold: Row, found: Row) -> bool:
    a, b = gold.get(name), found.get(name)
    if name == "title":
        return _token_f1(_words(a or ""), _words(b or "")) >= _SAME_TITLE or (not a and not b)
    if name == "plan_years":
        return sorted(a or []) == sorted(b or [])
    return _SPACE.sub("", folded(str(a or ""))) == _SPACE.sub("", folded(str(b or "")))


def score_document(score: Score, gold: Row, found: Row) -> None:
    """Add the comparison of the metadata to a score."""
    for name in FIELDS:
        same = _same_field(name, gold, found)
        score.fields.add({"x"}, {"x" if same else "y"})
        if not same:
            score.differences.append(f"document: {name}: {gold.get(name)!r} expected, {found.get(name)!r} found")
    expected, got = _bases(gold), _bases(found)
    score.legal_bases.add(expected, got)
    if expected != got:
        score.differences.append(
            f"document: legal bases: missed {sorted(expected - got)}, invented {sorted(got - expected)}"
        )


def score_records(gold: Row, found: Row) -> Score:
    """The comparison of two records {"document": …, "rows": […]}."""
    score = score_rows(gold["rows"], found["rows"], gold["document"].get("issuer") or "")
    if found.get("document"):
        score_document(score, gold["document"], found["document"])
    return score


def load_table(path: Path) -> Row:
    """A table from a file: .json as it is, .jsonl one row a line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return {"rows": [json.loads(line) for line in text.splitlines() if line.strip()]}
    record: Row = json.loads(text)
    return record


def score_table(gold: Path, table: Path) -> Score:
    """The comparison of two files."""
    return score_records(load_table(gold), load_table(table))
