"""The command line of the tests of the command line."""

from tests.cli.conftest import fake_walk, giaoviec

__all__ = ["fake_walk", "giaoviec"]
