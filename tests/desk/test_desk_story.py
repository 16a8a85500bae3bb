"""A whole day at the desk in a real browser, from the dropped scan to the corrected workbook that comes back."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import openpyxl
import pdfplumber
import pytest
from numpy.typing import NDArray
from PIL import Image
from rapidfuzz import fuzz
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from pipeline.records import history, merged_row
from pipeline.store.places import row_places_of
from pipeline.store.queries import find_tasks
from pipeline.store.store import Store
from schemas.task import TaskRow
from tests.desk.chrome import ROOT, browser, complaints, served

SCAN = ROOT / "sample_docs/scans/003_bac_son.scan300.pdf"
TYPED = ROOT / "sample_docs/typed/003_bac_son.pdf"
"""The same pages with a text layer: where each word truly stands."""
SCALE = 2
DPI = 72.0
TOLERANCE = 6.0
"""Points; a line is 14 high, and a page lies up to 2 aside in the scanner."""
LEAD = "Văn phòng HĐND và UBND phường"

pytestmark = pytest.mark.slow


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    with browser(tmp_path / "chrome", SCALE, tmp_path / "downloads") as found:
        yield found


def wait(chrome: Chrome, words: str, seconds: float = 20) -> None:
    WebDriverWait(chrome, seconds).until(lambda one: words in one.page_source)


def screen(chrome: Chrome) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(chrome.get_screenshot_as_png())).convert("RGB"))


def tinted(picture: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """The box (left, top, right, bottom in dots) of what the marking colours: paper under it is yellow."""
    red, green, blue = (picture[:, :, one].astype(int) for one in range(3))
    yellow = (red > 225) & (green > 215) & (green < 250) & (red - blue > 35) & (red - blue < 90)
    rows, columns = np.flatnonzero(yellow.sum(1) > 200), np.flatnonzero(yellow.sum(0) > 30)
    assert len(rows), "nothing is marked on the page"
    assert len(columns)
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def test_a_day_at_the_desk(chrome: Chrome, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data) as address:
        row = _drop_and_read(chrome, address, data)
        _see_its_words(chrome, address, row)
        _correct_and_approve(chrome, address, data, row)
        book = _filter_and_download(chrome, address, tmp_path / "downloads", row)
        _give_back(chrome, address, data, book, row)
        assert complaints(chrome) == []


def _drop_and_read(chrome: Chrome, address: str, data: Path) -> TaskRow:
    """Drop the scan, wait until it is read, open its first row in doubt."""
    chrome.get(f"{address}/hop-thu")
    chrome.find_element(By.NAME, "commune").send_keys("Bắc Sơn")
    zone = chrome.find_element(By.ID, "nop")
    picked = chrome.find_element(By.ID, "tep")
    # a drop as the browser makes it: the file is in the event, not in the form
    chrome.execute_script("arguments[0].addEventListener('change', (e) => e.stopImmediatePropagation(), true)", zone)
    picked.send_keys(str(SCAN))
    chrome.execute_script(
        "const moved = new DataTransfer(); moved.items.add(arguments[1].files[0]);"
        "arguments[0].dispatchEvent(new DragEvent('drop', {dataTransfer: moved, bubbles: true, cancelable: true}))",
        zone,
        picked,
    )
    wait(chrome, "đã nhận, sẽ có trong bảng")
    wait(chrome, "100/KHHĐ-UBND", 240)
    chrome.find_element(By.PARTIAL_LINK_TEXT, "100/KHHĐ-UBND").click()
    WebDriverWait(chrome, 20).until(lambda one: "/van-ban/" in one.current_url)
    chrome.find_element(By.PARTIAL_LINK_TEXT, "Duyệt (").click()
    WebDriverWait(chrome, 20).until(lambda one: "/duyet/" in one.current_url)
    task_id = chrome.current_url.rpartition("/")[2].partition("?")[0]
    row = merged_row(_store(data), task_id).row
    assert row.page is not None
    assert row.bbox is not None
    return row


def _store(data: Path) -> Store:
    return Store.open(f"sqlite:///{data}/giaoviec.db")


def _see_its_words(chrome: Chrome, address: str, row: TaskRow) -> None:
    """The marking on the screen lies over the words of the row: by the typed twin of the page, and read again."""
    time.sleep(1)  # the picture is painted
    seen = _place(chrome, ".sheet")
    picture = screen(chrome)[seen[1] : seen[3], seen[0] : seen[2]]
    left, top, right, bottom = tinted(picture)
    page = _place(chrome, "#trang")
    view = chrome.find_element(By.ID, "trang").get_dom_attribute("viewBox")
    points = float(view.split()[2]) / (page[2] - page[0])
    corner = page[0] - seen[0], page[1] - seen[1]
    shown = [(at - corner[side % 2]) * points for side, at in enumerate((left, top, right, bottom))]
    true = _true_place(row)
    assert shown == pytest.approx(true, abs=TOLERANCE), "the marking is not where the words are printed"
    words = _read(Image.fromarray(picture[top:bottom, left:right]))
    assert fuzz.ratio(words, row.text) > 85, words
    chrome.find_element(By.CSS_SELECTOR, '[data-zoom="1"]').click()
    wider = _place(chrome, "#trang")
    assert wider[2] - wider[0] > 1.2 * (page[2] - page[0])


def _place(chrome: Chrome, selector: str) -> tuple[int, int, int, int]:
    """The box of an element on the screen, in dots."""
    sides = chrome.execute_script(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return [box.left, box.top, box.right, box.bottom]",
        selector,
    )
    left, top, right, bottom = (round(side * SCALE) for side in sides)
    return left, top, right, bottom


def _true_place(row: TaskRow) -> list[float]:
    """The box around the row's words in the typed twin of the scan."""
    with pdfplumber.open(TYPED) as document:
        words = document.pages[(row.page or 1) - 1].extract_words()
    wanted = row.text.split()
    texts = [word["text"] for word in words]
    best = max(range(len(words)), key=lambda at: fuzz.ratio(" ".join(texts[at : at + len(wanted)]), row.text))
    mine = words[best : best + len(wanted)]
    sides = ("x0", min), ("top", min), ("x1", max), ("bottom", max)
    return [float(choose(word[side] for word in mine)) for side, choose in sides]


def _read(picture: Image.Image) -> str:
    """What OCR reads on a picture."""
    import pytesseract

    return " ".join(pytesseract.image_to_string(picture.convert("L"), lang="vie", config="--psm 6").split())


def _correct_and_approve(chrome: Chrome, address: str, data: Path, row: TaskRow) -> None:
    """Correct the lead, approve; the machine's value stays beside it."""
    body = chrome.find_element(By.TAG_NAME, "body")
    body.send_keys("e")
    lead = chrome.switch_to.active_element
    lead.send_keys(Keys.CONTROL, "a")
    lead.send_keys(LEAD, Keys.ESCAPE)
    chrome.find_element(By.TAG_NAME, "body").send_keys(Keys.ENTER)
    WebDriverWait(chrome, 20).until(lambda one: row.task_id not in one.current_url)
    seen = merged_row(_store(data), row.task_id)
    assert (seen.status, seen.row.lead, seen.row.needs_review) == ("approved", (LEAD,), False)
    chrome.get(f"{address}/duyet/{row.task_id}")
    assert "; ".join(row.lead) in chrome.find_element(By.CSS_SELECTOR, ".corrected .machine").text


def _filter_and_download(chrome: Chrome, address: str, folder: Path, row: TaskRow) -> Path:
    """Filter by the body, take the workbook away, open it."""
    chrome.get(f"{address}/nhiem-vu")
    chrome.find_element(By.NAME, "body").send_keys("van phong hdnd va ubnd", Keys.ENTER)
    WebDriverWait(chrome, 20).until(lambda one: "body=van" in one.current_url)
    shown = chrome.find_elements(By.CSS_SELECTOR, ".tasks tbody tr")
    assert any(row.text[:40] in one.text for one in shown)
    chrome.find_element(By.LINK_TEXT, "Excel").click()
    WebDriverWait(chrome, 30).until(lambda _: list(folder.glob("*.xlsx")))
    (path,) = folder.glob("*.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert sum(row.document_id in cell for cell in cells) == len(shown)
    assert LEAD in cells
    return path


def _give_back(chrome: Chrome, address: str, data: Path, path: Path, row: TaskRow) -> None:
    """Correct the workbook as staff do, give it back, see the difference, take it."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    place = {cell.value: cell.column for line in sheet.iter_rows(max_row=6) for cell in line if cell.value}
    mine = next(line for line in sheet.iter_rows() if any(cell.value == row.task_id for cell in line))[0].row
    sheet.cell(mine, place["Hạn hoàn thành"]).value = "30/06/2026"
    sheet.cell(mine, place["Sản phẩm"]).value = "Báo cáo kết quả"
    book.save(path)
    chrome.get(f"{address}/nhan-excel")
    chrome.find_element(By.NAME, "file").send_keys(str(path))
    chrome.find_element(By.CSS_SELECTOR, "main button.main").click()
    wait(chrome, "2 thay đổi")
    assert "30/06/2026" in chrome.find_element(By.CSS_SELECTOR, "table.list").text
    assert merged_row(_store(data), row.task_id).row.due is None, "nothing is taken before it was seen"
    chrome.find_element(By.ID, "nhan").click()
    wait(chrome, "Đã nhận 2 thay đổi")
    seen = merged_row(_store(data), row.task_id).row
    assert (seen.due, seen.deliverable, seen.lead) == ("2026-06-30", "Báo cáo kết quả", (LEAD,))
    assert {decision.source.kind for decision in history(_store(data), task_id=row.task_id)[0]} == {"page", "file"}


def test_a_row_over_two_pages_is_marked_on_both_where_its_words_are_printed(chrome: Chrome, tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "pipeline", "ingest", str(TYPED), "--data", str(data)]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # done with remarks is no 0
    rows = find_tasks(_store(data)).rows
    places = {row.task_id: row_places_of(_store(data), row) for row in rows}
    running = next(row for row in rows if len(places[row.task_id]) > 1)
    with served(data, "--no-watch") as address:
        chrome.get(f"{address}/duyet/{running.task_id}")
        time.sleep(1)  # the pictures are painted
        shown = [int(one.get_dom_attribute("data-page")) for one in chrome.find_elements(By.CSS_SELECTOR, ".page")]
        assert shown == [place.page for place in places[running.task_id]]
        for number in shown:
            marked = _marked_on(chrome, number)
            assert marked == pytest.approx(_words_on(running, number), abs=TOLERANCE), f"page {number}"
        chrome.get(f"{address}/duyet/{running.task_id}?trang={shown[1]}")
        time.sleep(1)
        assert _marked_on(chrome, shown[1]) == pytest.approx(_words_on(running, shown[1]), abs=TOLERANCE)
        assert complaints(chrome) == []


def _marked_on(chrome: Chrome, number: int) -> list[float]:
    """The box (points of the page) of what is coloured of a page that is shown."""
    selector = f'svg[data-page="{number}"]'
    chrome.execute_script(
        "document.querySelector(arguments[0] + ' .spot').scrollIntoView({block: 'center', inline: 'nearest'})",
        selector,
    )
    seen, page = _place(chrome, ".sheet"), _place(chrome, selector)
    left, top = max(seen[0], page[0]), max(seen[1], page[1])
    picture = screen(chrome)[top : min(seen[3], page[3]), left : min(seen[2], page[2])]
    view = chrome.find_element(By.CSS_SELECTOR, selector).get_dom_attribute("viewBox")
    points = float(view.split()[2]) / (page[2] - page[0])
    offset = left - page[0], top - page[1]
    return [(at + offset[side % 2]) * points for side, at in enumerate(tinted(picture))]


def _words_on(row: TaskRow, number: int) -> list[float]:
    """The box around those words of a row that a page of the typed file bears, as the file itself places them."""
    with pdfplumber.open(TYPED) as document:
        words = document.pages[number - 1].extract_words()
    match = SequenceMatcher(None, [word["text"] for word in words], row.text.split(), autojunk=False)
    at, _, count = match.find_longest_match()
    sides = ("x0", min), ("top", min), ("x1", max), ("bottom", max)
    return [float(choose(word[side] for word in words[at : at + count])) for side, choose in sides]
