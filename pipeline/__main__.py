"""`python -m pipeline` is `giaoviec`."""

from pipeline.cli import main

main()
