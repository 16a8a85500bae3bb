"""A plan's rows held against a set of criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.compare.features import Meeting, ReadCriterion, counts_alone, meet, read_set
from pipeline.compare.judge import Judge, load_judge
from pipeline.compare.plans import Plan
from pipeline.compare.prepared import COUNTED, PreparedRow, prepare_rows
from pipeline.compare.verdict import Speaking, verdict
from pipeline.exports.words import day_words
from schemas.criteria import Cell, Comparison, CriteriaSet, Evidence, Status
from schemas.task import TaskRow

_MOST_ROWS = 4
_FAR_BELOW = 0.5
_AS_IF_DONE = {"propaganda": 0.0, "other_act": 0.0, "act": 0.8}


class Matcher:
    """A set made ready once, for as many plans as there are."""

    def __init__(self, criteria: CriteriaSet, judge: Judge | None = None) -> None:
        self.criteria = criteria
        self.judge = judge or load_judge()
        self.read, self.weights = read_set(criteria)

    def compare(self, rows: Sequence[TaskRow], document: str = "", plan: str = "") -> Comparison:
        """The plan of these rows against the set: a cell for every criterion, and the rows that meet none."""
        prepared = prepare_rows(rows)
        cells = tuple(self._cell(wanted, prepared) for wanted in self.read)
        cited = {row.path for cell in cells for row in cell.rows}
        orphans = tuple(row.path for row in rows if row.kind in COUNTED and row.path not in cited)
        notes = (f"Bộ tiêu chí dựng lại: {self.criteria.source}",) if self.criteria.rebuilt else ()
        return Comparison(document, plan, self.criteria.id, self.criteria.version, cells, orphans, notes)

    def compare_plan(self, plan: Plan) -> Comparison:
        """The plan against the set, with a note where the set was not yet, or no longer, valid."""
        done = self.compare(plan.rows, plan.document_id, plan.name)
        note = self._validity(plan)
        return replace(done, notes=(*done.notes, note)) if note else done

    def _validity(self, plan: Plan) -> str:
        """What is to be said of a plan from before the set, or from after its end; "" for one of its time."""
        first, last, issued = self.criteria.valid_from, self.criteria.valid_to, plan.issued
        said = f"Kế hoạch ngày {day_words(issued)}"
        if first and issued and issued < first:
            return f"{said} có trước bộ tiêu chí ({day_words(first)}): chỗ thiếu không phải là lỗi."
        if last and issued and issued > last:
            return f"{said} có sau khi bộ tiêu chí hết hiệu lực ({day_words(last)})."
        return ""

    def speaking(self, wanted: ReadCriterion, rows: Sequence[PreparedRow]) -> list[Speaking]:
        """The rows in which anything speaks for the criterion, the best first."""
        found = []
        for row in rows:
            meeting = meet(row, self.weights, wanted)
            if meeting is not None and (chance := self._chance(meeting, wanted)) > 0:
                found.append(Speaking(row, meeting, chance))
        return sorted(found, key=_rank)

    def _chance(self, meeting: Meeting, wanted: ReadCriterion) -> float:
        """The probability that the row meets the criterion; 0 where it only tells people of it.

        Telling of a listed content is some of publishing it, and is judged as if it did: the verdict says what it is.
        """
        features = meeting.features
        if not features["propaganda"]:
            return self.judge.probability(features)
        if not wanted.criterion.needs.content_of_publishing or features["subject"] < 1:
            return 0.0
        return self.judge.probability(features | _AS_IF_DONE)

    def _cell(self, wanted: ReadCriterion, rows: Sequence[PreparedRow]) -> Cell:
        speaking = self.speaking(wanted, rows)
        alone = [one for one in speaking if counts_alone(one.row)]
        best = max((one.probability for one in alone), default=0.0)
        reason = self._doubt(best, alone[0] if alone else None, wanted)
        doubtful = bool(reason)
        if best < self.judge.meets:
            shown = [one for one in alone if self.judge.is_doubtful(one.probability)][:1]
            near = _evidence(shown)
            return Cell(wanted.criterion.id, Status.MISSING, (), (), (), 1 - best, doubtful, reason, candidates=near)
        meeting = [one for one in alone if self._cited(one, best)][:_MOST_ROWS]
        support = [one for one in speaking if not counts_alone(one.row) and self._cited(one, best)]
        status, differences = verdict(wanted.criterion, meeting)
        remarks = tuple(one.in_vietnamese() for one in differences)
        rows_shown = _evidence([*meeting, *support][:_MOST_ROWS])
        return Cell(
            wanted.criterion.id, status, rows_shown, tuple(map(str, differences)), remarks, best, doubtful, reason
        )

    def _doubt(self, best: float, first: Speaking | None, wanted: ReadCriterion) -> str:
        if self.judge.is_doubtful(best):
            return f"khả năng dòng này đáp ứng tiêu chí là {best:.0%}"
        if first is None or best < self.judge.meets:
            return ""
        features = first.meeting.features
        if features["subject"] < 1 and not wanted.criterion.needs.derived:
            return "chủ đề chỉ có trong tiêu đề của dòng"
        if features["other_act"]:
            return "dòng nói tới nội dung nhưng không nêu hành động mà tiêu chí yêu cầu"
        parts = wanted.criterion.needs.parts
        if not features["parts"] and len(parts) > 1 and all(part.head == "content" for part in parts):
            return "dòng đúng chủ đề nhưng không nêu phần nào mà tiêu chí kể ra"
        return ""

    def _cited(self, one: Speaking, best: float) -> bool:
        return one.probability >= max(self.judge.meets, best * _FAR_BELOW)


def _rank(one: Speaking) -> tuple[bool, float, str]:
    return (not counts_alone(one.row), -one.probability, one.row.row.path)


def _evidence(speaking: Sequence[Speaking]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            one.row.row.path,
            one.row.row.task_id,
            one.row.row.text,
            one.probability,
            one.meeting.features,
            not counts_alone(one.row),
        )
        for one in speaking
    )
