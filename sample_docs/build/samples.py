"""The table of the sample plans: the one place to add another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).resolve().parents[1] / "text"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample text and what its typesetting needs to know besides the text itself.

    `issuer` holds the two lines of the letterhead's left side; `title_lines` counts the lines of the title, the
    document type among them.
    """

    name: str
    issuer: tuple[str, str]
    title_lines: int
    automatic_numbers: bool = False
    """Lists are numbered by the word processor, so their labels are no text of the file."""
    scanner: str = "scan300"
    """The entry of `scans.SCANNERS` that the committed scan of this plan was made with."""
    boxed_signature: bool = False
    """The signature block stands in a text box."""

    @property
    def text_file(self) -> Path:
        """The text, as it was received."""
        return TEXTS / f"{self.name}.txt"


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("000_le_chan", ("ỦY BAN NHÂN DÂN", "PHƯỜNG LÊ CHÂN"), 2),
        Sample("001_hong_chau", ("ỦY BAN NHÂN DÂN", "XÃ HỒNG CHÂU"), 3, automatic_numbers=True, scanner="scan300bw"),
        Sample("002_hai_phong_49", ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HẢI PHÒNG"), 3),
        Sample("003_bac_son", ("ỦY BAN NHÂN DÂN", "PHƯỜNG BẮC SƠN"), 3, boxed_signature=True),
    )
}
SHORTEST = "000_le_chan"
