"""Rows as files for people and programs: `EXPORTS`, `export`."""

from pipeline.exports.table import EXPORTS, export

__all__ = ["EXPORTS", "export"]
