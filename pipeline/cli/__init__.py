"""The command line `giaoviec`."""

from pipeline.cli.app import main

__all__ = ["main"]
