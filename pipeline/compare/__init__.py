"""Plans held against criteria, against each other and against the calendar of bodies."""

from pipeline.compare.match import Matcher, compare_extraction
from pipeline.compare.sets import load_set, set_ids

__all__ = ["Matcher", "compare_extraction", "load_set", "set_ids"]
