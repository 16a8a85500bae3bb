"""From a text as it was received (hard-wrapped lines, Markdown marks, page breaks) to the parts of a plan."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sample_docs.build.samples import Sample

NATIONAL = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

ROMAN_LABEL = r"[IVX]+\."
NUMBER_LABEL = r"\d{1,2}(?:\.\d{1,2})*[.)]"
LETTER_LABEL = r"[a-zđ][.)](?=\s)"
PAREN_LABEL = r"\(\d{1,2}\)"
BULLET = r"[-–+](?=\s)"
LABEL = re.compile(rf"(?P<roman>{ROMAN_LABEL})|(?P<number>{NUMBER_LABEL})|(?P<letter>{LETTER_LABEL})"
                   rf"|(?P<paren>{PAREN_LABEL})|(?P<bullet>{BULLET})")  # fmt: skip
"""`II.`, `1.2.`, `a)`, `(3)`, `- ` at the start of a line."""
PAGE_NUMBER = re.compile(r"\d{1,2}")
MARKDOWN_HEAD = re.compile(r"^#+\s*")
EMPHASIS = re.compile(r"(\*\*.+?\*\*|\*[^*]+\*)")
"""`**đậm**` and `*nghiêng*`."""
MULTILINE_BOLD = re.compile(r"\*\*[^*\n]+\n[^*\n]+\*\*")
WIDE_GAP = re.compile(r"\s{3,}")
SENTENCE_END = re.compile(r"""[.;:/…]["”]?$""")
BROKEN_AT_HYPHEN = re.compile(r"\w-$")
"""`6217/SNV-XDCQ-` at the end of a line: what follows is joined without a space."""
DOCUMENT_TYPE = re.compile(r"^KẾ HOẠCH( HÀNH ĐỘNG)?$")
NUMBER_LINE = re.compile(r"Số:?\s.*?(?= {3,}|$)", re.MULTILINE)
"""`Số: 100 /KHHĐ-UBND`, up to the gap before the place where both stand in one line."""
DATE_LINE = re.compile(r"\S+(?: \S+)*, ngày.*")
RECIPIENTS_HEAD = "Nơi nhận:"
SIGNATURE_HEAD = "TM. "

SHORT_LINE = 0.6
"""A line under this share of the width ends its paragraph, even with no punctuation mark."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a plan, each a line or paragraph of the text; `*` and `**` still mark emphasis in the body."""

    sample: Sample
    number: str | None
    date: str | None
    title: tuple[str, ...]
    body: tuple[str, ...]
    recipients: tuple[str, ...]
    signature: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text of the plan in document order, but for the letterhead that the decree gives each plan."""
        number_and_date = tuple(part for part in (self.number, self.date) if part)
        return (*number_and_date, *self.title, *self.body, RECIPIENTS_HEAD, *self.recipients, *self.signature)


def read_plan(sample: Sample) -> Plan:
    """The plan in the text of `sample`; ValueError where the text has no document type, recipients or signature."""
    return parse_plan(sample, sample.text_file.read_text(encoding="utf-8"))


def parse_plan(sample: Sample, text: str) -> Plan:
    """The plan in `text`."""
    lines = tidy_lines(text)
    plain_lines = [plain(line) for line in lines]
    title_at = next((i for i, line in enumerate(plain_lines) if DOCUMENT_TYPE.match(line)), None)
    if title_at is None or RECIPIENTS_HEAD not in plain_lines:
        raise ValueError(f"{sample.name}: no line of a document type or no recipients")
    body_at = title_at + sample.title_lines
    recipients_at = plain_lines.index(RECIPIENTS_HEAD, body_at)
    signature_at = next(
        i for i, line in enumerate(plain_lines) if i > recipients_at and line.startswith(SIGNATURE_HEAD)
    )
    head = "\n".join(plain_lines[:title_at])
    return Plan(
        sample=sample,
        number=_found(NUMBER_LINE, head),
        date=_found(DATE_LINE, NUMBER_LINE.sub("", head)),
        title=tuple(plain_lines[title_at:body_at]),
        body=tuple(rejoin(lines[body_at:recipients_at])),
        recipients=tuple(plain_lines[recipients_at + 1 : signature_at]),
        signature=tuple(plain_lines[signature_at:]),
    )


def tidy_lines(text: str) -> list[str]:
    """The lines of `text` in NFC, without Markdown heads and page numbers; a wide gap becomes three spaces."""
    text = unicodedata.normalize("NFC", text).replace("\f", "\n")
    lines = (_three_spaces(MARKDOWN_HEAD.sub("", line.strip())) for line in _close_emphasis(text).split("\n"))
    return [line for line in lines if line and not PAGE_NUMBER.fullmatch(line)]


def plain(text: str) -> str:
    """`text` without its marks of emphasis.

    >>> plain("**5. Đề nghị:** Phối hợp")
    '5. Đề nghị: Phối hợp'
    """
    return text.replace("*", "")


def words(text: str) -> list[str]:
    """The words of a text as they count for comparison: NFC, no Markdown, page numbers or page breaks.

    >>> words("## II. NỘI DUNG\\n\\n2\\n")
    ['II.', 'NỘI', 'DUNG']
    """
    return plain(" ".join(tidy_lines(text))).split()


def rejoin(lines: list[str]) -> list[str]:
    """The paragraphs of hard-wrapped `lines`.

    >>> rejoin(["- Xây dựng bộ máy gần dân, tôn trọng dân,", "lắng nghe nhân dân.", "- Nâng cao", "sự hài lòng."])
    ['- Xây dựng bộ máy gần dân, tôn trọng dân, lắng nghe nhân dân.', '- Nâng cao sự hài lòng.']
    """
    width = max(len(line) for line in lines)
    paragraphs: list[str] = []
    previous = ""
    for line in lines:
        if not paragraphs or starts_paragraph(previous, line, width):
            paragraphs.append(line)
        else:
            gap = "" if BROKEN_AT_HYPHEN.search(previous) else " "
            paragraphs[-1] += gap + line
        previous = line
    return [" ".join(paragraph.split()) for paragraph in paragraphs]


def starts_paragraph(previous: str, line: str, width: int) -> bool:
    """Whether `line` opens a paragraph after the line `previous`, in a text `width` letters wide."""
    text, before = plain(line), plain(previous)
    label = LABEL.match(text)
    if label and not _is_dash_inside_sentence(label, text):
        return True
    if text[0].islower() or text[0].isdigit():
        return False
    if before.isupper() and not text.isupper():
        return True
    return SENTENCE_END.search(before) is not None or len(before) < SHORT_LINE * width


def _is_dash_inside_sentence(label: re.Match[str], text: str) -> bool:
    """Whether the dash is one of a pair such as `kinh tế - xã hội`, moved to a new line by the wrapping."""
    return label["bullet"] in ("-", "–") and text[label.end() :].lstrip()[:1].islower()


def _close_emphasis(text: str) -> str:
    """`text` with bold that spans lines closed and opened again at each line break."""
    return MULTILINE_BOLD.sub(lambda m: m[0].replace("\n", "**\n**"), text)


def _three_spaces(line: str) -> str:
    return "   ".join(" ".join(part.split()) for part in WIDE_GAP.split(line))


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[0].strip() if match else None
