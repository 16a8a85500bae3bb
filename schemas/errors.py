"""Every refusal, in one tree; each has an exit code and a Vietnamese sentence that says what to do.

PlanError
├── ReadError
│   ├── UnreadableFile      2   missing, truncated, damaged
│   │   └── StillWritten        somebody is writing it just now
│   ├── EncryptedFile       4   wants a password
│   ├── UnsupportedFormat   5   not a kind of file that is read
│   ├── NoTextFound         6   0 bytes, or no text in it
│   └── FileTooLarge        7   over a limit (size, pages, pixels, unpacked bytes)
├── MissingProgram          8   an outside program is not installed
├── Crashed                 9   the reading process died, hung or ran out of memory
├── MachineFault            9   a full disk, a read error: the file is not to blame
├── AssetError              9   a word list or model of the product is missing or changed
├── CriteriaError           2
└── StoreError              2
    └── Unstorable              the database does not take these rows

Exit code 0 is done, 3 is done with warnings, 1 is never used on purpose.
"""

from __future__ import annotations

DONE = 0
DONE_WITH_WARNINGS = 3


class PlanError(Exception):
    """A refusal; `str(error)` is one Vietnamese sentence for staff, `detail` is for the log."""

    exit_code = 9
    code = "error"

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(" ".join(message.split()))
        self.detail = detail

    def __reduce__(self) -> tuple[type[PlanError], tuple[str, str]]:
        """Survive the way back from a child process."""
        return type(self), (str(self), self.detail)


class ReadError(PlanError):
    """The file itself is refused."""

    exit_code = 2
    code = "unreadable"


class UnreadableFile(ReadError):
    """Missing, truncated or damaged."""


class StillWritten(UnreadableFile):
    """Somebody is writing it just now."""

    code = "unfinished"


class EncryptedFile(ReadError):
    """It wants a password."""

    exit_code = 4
    code = "encrypted"


class UnsupportedFormat(ReadError):
    """Not a kind of file that is read."""

    exit_code = 5
    code = "unsupported"


class NoTextFound(ReadError):
    """0 bytes, or no text in it."""

    exit_code = 6
    code = "empty"


class FileTooLarge(ReadError):
    """Over a limit of size, pages, pixels or unpacked bytes."""

    exit_code = 7
    code = "too_large"


class MissingProgram(PlanError):
    """An outside program that the file needs is not installed."""

    exit_code = 8
    code = "missing_program"


class Crashed(PlanError):
    """The process that read the file died, hung or ran out of memory."""

    exit_code = 9
    code = "crashed"


class MachineFault(PlanError):
    """The machine could not do it just now: a full disk, a read error; the file is not to blame."""

    exit_code = 9
    code = "io"


class AssetError(PlanError):
    """A word list or model of the product is missing or has changed."""

    exit_code = 9
    code = "asset"


class CriteriaError(PlanError):
    """A set of criteria is wrong; the message names file and line."""

    exit_code = 2
    code = "criteria"


class CommunesError(PlanError):
    """No such province or commune."""

    exit_code = 2
    code = "communes"


class ConfigError(PlanError):
    """A file of settings is wrong; the message names file and line."""

    exit_code = 2
    code = "config"


class MailError(PlanError):
    """The mail server did not take the digest."""

    exit_code = 2
    code = "mail"


class StoreError(PlanError):
    """The database cannot be used."""

    exit_code = 2
    code = "store"


class Unstorable(StoreError):
    """The database is well, but does not take these rows; waiting does not help."""

    code = "unstorable"
