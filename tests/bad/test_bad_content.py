"""Every malformed, hostile or odd file is read or refused by its class, with one sentence, within bounds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.readers import open_source, read
from pipeline.isolate import Limits, run_limited
from schemas.errors import Crashed, PlanError
from schemas.source import Noise, RawDocument
from tests.bad.bad_pdfs import PDFS, SLOW_PDFS
from tests.bad.bad_pictures import PICTURES, READ, SLOW_PICTURES
from tests.bad.bad_texts import SLOW_TEXTS, TEXTS
from tests.bad.bad_words import DOCUMENTS, SLOW_DOCUMENTS, plan

Maker = Callable[[], bytes]
BOUNDED = Limits(wall_seconds=600, cpu_seconds=150)
RECOGNISED = {name: entry for name, entry in PICTURES.items() if entry[1] & (READ | {6})}
QUICK = {**PDFS, **DOCUMENTS, **TEXTS, **{name: each for name, each in PICTURES.items() if name not in RECOGNISED}}
SLOW = {**SLOW_PDFS, **SLOW_DOCUMENTS, **SLOW_PICTURES, **SLOW_TEXTS, **RECOGNISED}


def outcome(folder: Path, name: str, content: bytes) -> tuple[int, str]:
    """The exit code that the file gives (0: it was read) and the sentence of its refusal."""
    path = folder / name
    path.write_bytes(content)
    try:
        run_limited(lambda: read(open_source(path)), limits=BOUNDED)
    except PlanError as error:
        return error.exit_code, str(error)
    return 0, ""


def lines_of(folder: Path, name: str, content: bytes) -> list[str]:
    path = folder / name
    path.write_bytes(content)
    document: RawDocument = read(open_source(path))
    return [line.text for line in document.lines]


def check(folder: Path, name: str, entry: tuple[Maker, frozenset[int]]) -> None:
    maker, codes = entry
    code, said = outcome(folder, name, maker())
    assert code in codes, said
    assert not code or (said.endswith(".") and "\n" not in said and "Traceback" not in said)


@pytest.mark.parametrize("name", QUICK)
def test_a_bad_file_is_read_or_refused_by_its_class(tmp_path: Path, name: str) -> None:
    check(tmp_path, name, QUICK[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_heavy_file_is_read_or_refused_in_time(tmp_path: Path, name: str) -> None:
    check(tmp_path, name, SLOW[name])


def test_a_word_file_that_lost_its_end_is_damaged_wherever_it_was_cut(tmp_path: Path) -> None:
    whole = plan()
    cuts = [*range(40, len(whole) - 22, len(whole) // 25), *(len(whole) - left for left in (1, 21, 22, 100, 300))]
    found = {cut: outcome(tmp_path, "a.docx", whole[:cut])[0] for cut in cuts}
    assert set(found.values()) == {2}, found


def test_a_document_with_the_empty_password_is_read(tmp_path: Path) -> None:
    assert lines_of(tmp_path, "a.pdf", PDFS["khoa-rong.pdf"][0]())[0].startswith("KE HOACH so 12")


def test_a_field_is_read_in_its_line_and_the_words_of_the_plan_stay_with_a_signature(tmp_path: Path) -> None:
    assert "So: 57/KH-UBND" in lines_of(tmp_path, "a.pdf", PDFS["filled.pdf"][0]())
    path = tmp_path / "b.pdf"
    path.write_bytes(PDFS["signed.pdf"][0]())
    plan_line, stamp = read(open_source(path)).lines
    assert (plan_line.text.startswith("KE HOACH so 12"), plan_line.noise) == (True, None)
    assert (stamp.text, stamp.noise) == ("Ky boi: Uy ban nhan dan xa", Noise.STAMP)


def test_a_program_in_a_file_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every program that a library could start for a picture or a printer's file leaves a mark here."""
    mark = tmp_path / "started"
    for program in ("gs", "gswin64c", "pstoedit", "sh", "cmd.exe"):
        (tmp_path / program).write_text(f"#!/bin/bash\ntouch {mark}\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    for name in ("eps.png", "eps.txt"):
        assert outcome(tmp_path, name, (PICTURES | TEXTS)[name][0]())[0] == 5
    assert outcome(tmp_path, "launch.pdf", PDFS["launch.pdf"][0]())[0] == 0
    assert not mark.exists()


def test_an_old_word_file_without_libreoffice_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, said = outcome(tmp_path, "a.rtf", SLOW_DOCUMENTS["tot.rtf"][0]())
    assert (code, "LibreOffice" in said) == (8, True)


def test_a_converter_does_not_outlive_the_reading_that_started_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted, program = tmp_path / "pid", tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {noted}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = tmp_path / "a.rtf"
    path.write_bytes(SLOW_DOCUMENTS["tot.rtf"][0]())
    with pytest.raises(Crashed):
        run_limited(lambda: read(open_source(path)), limits=Limits(wall_seconds=1))
    time.sleep(0.3)
    state = Path(f"/proc/{noted.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_script_of_a_web_page_is_no_text(tmp_path: Path) -> None:
    said = " ".join(lines_of(tmp_path, "a.htm", TEXTS["html-kich-ban.htm"][0]()))
    assert "Tổ chức đối thoại" in said
    assert "Việc giả" not in said


def test_pages_of_a_picture_before_a_damaged_one_are_read_and_the_loss_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(PICTURES["broken-page.tif"][0]())
    document = read(open_source(path))
    assert document.lines
    assert any("từ trang 2 trở đi" in warning for warning in document.warnings)
