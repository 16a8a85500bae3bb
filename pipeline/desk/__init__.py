"""The desk: pages for staff in a browser and a read-only interface for programs; `build_desk` makes it."""

from pipeline.desk.app import build_desk

__all__ = ["build_desk"]
