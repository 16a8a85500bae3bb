"""In which order rows come that some words were looked for: whoever types marks means them.

First the phrase as typed, then rows with every word as typed, then the bare phrase, then all others that have the
words. Each level is said twice: to SQLite's index of words, and as a condition on the row itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, not_

from pipeline.search import padded, query
from pipeline.store.derived import all_begun, all_whole, holds, side_by_side
from pipeline.store.tables import tasks


@dataclass(frozen=True, slots=True)
class Level:
    """Rows of one rank: what SQLite's index is asked for them, and the conditions on a row of `tasks`.

    `quick` asks the index for a part of them, which it finds as it goes; words that are only begun it gathers first.
    """

    asked: str
    quick: str
    where: list[ColumnElement[bool]]


def levels(words: str, dialect: str) -> tuple[Level, ...]:
    """The ranks of what was typed, the best first: each row with the words is of exactly one; empty without words."""
    if not query(words).folded:
        return ()
    found: list[Level] = []
    above: list[Level] = []
    for step in (*_steps(words, dialect), having(words, dialect)):
        none_above = [not_(and_(*one.where)) for one in above]
        but = f" NOT ({' OR '.join(one.asked for one in above)})" if above else ""
        found.append(Level(step.asked + but, step.quick + but, [*step.where, *none_above]))
        above.append(step)
    return tuple(found)


def having(words: str, dialect: str) -> Level:
    """All rows that have the words of what was typed."""
    folded = query(words).folded
    return Level(all_begun("words", folded), all_whole("words", folded), all_begin(tasks.c.folded, folded, dialect))


def _steps(words: str, dialect: str) -> Iterator[Level]:
    asked = query(words)
    if asked.marked:
        phrase, typed = side_by_side("marked", asked.marked), asked.marked.split()
        yield Level(phrase, phrase, [holds(tasks.c.marked, padded(asked.marked), dialect)])
        begun, whole = all_begun("marked", typed), all_whole("marked", typed)
        yield Level(begun, whole, all_begin(tasks.c.marked, typed, dialect))
    phrase = side_by_side("words", asked.phrase)
    yield Level(phrase, phrase, [holds(tasks.c.folded, padded(asked.phrase), dialect)])


def all_begin(text: ColumnElement[str], words: Sequence[str], dialect: str) -> list[ColumnElement[bool]]:
    """The conditions that a padded text has a word that begins with each of `words`."""
    return [holds(text, f" {word}", dialect) for word in words]


def ranks(words: str | None, dialect: str) -> Iterator[ColumnElement[int]]:
    """The rank of a row as a number to sort by; nothing where no words were looked for."""
    if words and query(words).folded:
        steps = enumerate(_steps(words, dialect))
        yield case(*((and_(*step.where), number) for number, step in steps), else_=9)
