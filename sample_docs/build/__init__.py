"""Typesets the sample texts as Decree 30/2020/NĐ-CP prescribes, and scans what was printed."""

from sample_docs.build.samples import SAMPLES, Sample
from sample_docs.build.seeds import Plan, read_plan

__all__ = ["SAMPLES", "Plan", "Sample", "read_plan"]
