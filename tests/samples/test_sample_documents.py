"""The built documents say what the texts say, word for word, and look as Decree 30/2020/NĐ-CP prescribes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pypdfium2
import pytest
from docx.oxml.ns import qn
from PIL import Image

from sample_docs.build import SAMPLES, Sample, read_plan
from sample_docs.build.archive import save_document
from sample_docs.build.scans import SCANNERS, degrade
from sample_docs.build.seeds import NATIONAL, words
from sample_docs.build.typeset import typeset

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "sample_docs"
EVERY_SAMPLE = pytest.mark.parametrize("sample", SAMPLES.values(), ids=lambda sample: sample.name)
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MM = 36000


def _labels(document: Any) -> Iterator[tuple[Any, str]]:
    """Each paragraph with the label that a word processor counts for it, here counted anew from the file alone."""
    numbering = document.part.numbering_part.element
    definitions = {
        num.get(qn("w:numId")): [
            level.find(qn("w:lvlText")).get(qn("w:val"))
            for abstract in numbering.findall(qn("w:abstractNum"))
            if abstract.get(qn("w:abstractNumId")) == num.find(qn("w:abstractNumId")).get(qn("w:val"))
            for level in abstract.findall(qn("w:lvl"))
        ]
        for num in numbering.findall(qn("w:num"))
    }
    counts: dict[tuple[str, int], int] = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbered is None:
            yield paragraph, ""
            continue
        level = int(numbered.find(qn("w:ilvl")).get(qn("w:val")))
        list_id = numbered.find(qn("w:numId")).get(qn("w:val"))
        counts[list_id, level] = counts.get((list_id, level), 0) + 1
        counts = {key: n for key, n in counts.items() if key[0] != list_id or key[1] <= level}
        label = definitions[list_id][level]
        for depth in range(level + 1):
            label = label.replace(f"%{depth + 1}", str(counts[list_id, depth]))
        yield paragraph, label + " "


def _words_of(document: Any) -> list[str]:
    found: list[str] = []
    for paragraph, label in _labels(document):
        if any(parent.tag == FALLBACK for parent in paragraph.iterancestors()):
            continue
        own = [t.text or "" for t in paragraph.iter(qn("w:t")) if next(t.iterancestors(qn("w:p"))) is paragraph]
        found += (label + "".join(own)).split()
    return found


def _differences(sample: Sample, got: list[str]) -> list[tuple[str, str]]:
    """Each run of words that the text has and the document has not, beside what the document has in its place."""
    expected = (
        " ".join(words(sample.text_file.read_text(encoding="utf-8"))).replace("XDCQ- CTTN", "XDCQ-CTTN").split()
    )
    blocks = difflib.SequenceMatcher(None, expected, got, autojunk=False).get_opcodes()
    return [(" ".join(expected[a:b]), " ".join(got[c:d])) for kind, a, b, c, d in blocks if kind != "equal"]


def _letterhead(sample: Sample) -> set[str]:
    left, right = " ".join(sample.issuer), " ".join(NATIONAL)
    number = read_plan(sample).number or ""
    return {"", left, right, f"{left} {right}", number}


@EVERY_SAMPLE
def test_the_word_document_holds_the_words_of_the_text_in_their_order(sample: Sample) -> None:
    outside = [piece for pair in _differences(sample, _words_of(typeset(read_plan(sample)))) for piece in pair]
    assert set(outside) <= _letterhead(sample)


@EVERY_SAMPLE
def test_the_committed_word_document_is_the_one_that_is_built(sample: Sample) -> None:
    committed = docx.Document(str(FOLDER / "typed" / f"{sample.name}.docx"))
    assert _words_of(committed) == _words_of(typeset(read_plan(sample)))


@EVERY_SAMPLE
def test_the_committed_pdf_holds_the_words_of_the_text(sample: Sample) -> None:
    pages = pypdfium2.PdfDocument(FOLDER / "typed" / f"{sample.name}.pdf")
    got: list[str] = []
    for number, page in enumerate(pages, start=1):
        text = page.get_textpage().get_text_range().replace("\ufffe", "-").split()
        printed = [str(number)] if number > 1 else []
        assert text[: len(printed)] == printed
        got += text[len(printed) :]
    outside = {piece for pair in _differences(sample, got) for piece in pair}
    assert outside <= _letterhead(sample)


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = read_plan(SAMPLES["001_hong_chau"])
    first, second = tmp_path / "first.docx", tmp_path / "second.docx"
    save_document(typeset(plan), first)
    save_document(typeset(plan), second)
    assert first.read_bytes() == second.read_bytes()


def test_lists_are_numbered_by_the_word_processor() -> None:
    document = typeset(read_plan(SAMPLES["001_hong_chau"]))
    labels = [label.strip() for _, label in _labels(document) if label]
    assert {"-", "1.", "1.1.", "1.2.", "6.", "(1)", "(8)"} <= set(labels)
    assert not any(paragraph.text.startswith(("- ", "(1)")) for paragraph in document.paragraphs)


def test_the_signature_stands_in_a_text_box() -> None:
    document = typeset(read_plan(SAMPLES["003_bac_son"]))
    boxed = [text.text for box in document.element.body.iter(qn("w:txbxContent")) for text in box.iter(qn("w:t"))]
    assert "Nguyễn Văn Trường" in boxed
    assert not any(
        "Nguyễn Văn Trường" in p.text for table in document.tables for c in table.rows[0].cells for p in c.paragraphs
    )


@EVERY_SAMPLE
def test_the_sheet_is_the_decrees(sample: Sample) -> None:
    section = typeset(read_plan(sample)).sections[0]
    edges = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.right_margin)
    assert [round((edge or 0) / MM) for edge in edges] == [210, 297, 20, 30, 15]
    assert section.different_first_page_header_footer


@EVERY_SAMPLE
def test_a_scan_is_pictures_alone_of_the_resolution_it_is_named_for(sample: Sample) -> None:
    scan = pypdfium2.PdfDocument(FOLDER / "scans" / f"{sample.name}.{sample.scanner}.pdf")
    assert len(scan) == len(pypdfium2.PdfDocument(FOLDER / "typed" / f"{sample.name}.pdf"))
    for page in scan:
        assert page.get_textpage().count_chars() == 0
        (picture,) = page.get_objects()
        assert round(picture.get_px_size()[0] / (page.get_width() / 72)) == SCANNERS[sample.scanner].dpi


def test_the_tiff_has_every_page_and_its_resolution() -> None:
    with Image.open(FOLDER / "scans" / "000_le_chan.pages.tiff") as tiff:
        assert (tiff.n_frames, tiff.info["dpi"][0], tiff.mode) == (4, 200, "1")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SCANNERS)
def test_a_scanner_keeps_the_size_and_spoils_the_same_page_the_same_way(name: str) -> None:
    page = np.full((90, 60, 3), 255, np.uint8)
    page[30:40, 10:50] = 0
    first, second = (degrade(page, SCANNERS[name], np.random.default_rng(7)) for _ in range(2))
    assert first.shape == page.shape
    assert np.array_equal(first, second)
    assert not np.array_equal(first, page)
    assert first[35, 30].mean() < 90 < first[5, 5].mean()


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_the_letterhead_that_was_added_agrees_with_the_answers(number: str) -> None:
    sample = next(sample for name, sample in SAMPLES.items() if name.startswith(number))
    answers = json.loads((ROOT / "tests" / "gold" / f"{number}.json").read_text(encoding="utf-8"))["document"]
    plan = read_plan(sample)
    assert " ".join(sample.issuer).casefold() == answers["issuer"].casefold()
    assert (plan.date is None) == (answers["place"] is None)
    assert " ".join(plan.title[1:]) == answers["title"]
    assert answers["doc_number"] in (None, (plan.number or "").removeprefix("Số ").replace(" ", ""))
