"""The desk in a real browser, in short: keys, correction, approval, filters, no complaint of the browser."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from pipeline.records import merged_row
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from tests.desk.chrome import browser, complaints, served
from tests.making import extraction

DOCUMENT = extraction().raw.source.document_id


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("chrome")) as found:
        yield found


@pytest.fixture
def data(tmp_path: Path, made_once: Path) -> Path:
    shutil.copyfile(made_once, tmp_path / "giaoviec.db")
    return tmp_path


def press(chrome: Chrome, key: str) -> None:
    chrome.find_element(By.TAG_NAME, "body").send_keys(key)


def wait_for(chrome: Chrome, words: str) -> None:
    WebDriverWait(chrome, 15).until(lambda one: words in one.page_source)


def wait_at(chrome: Chrome, end: str) -> None:
    WebDriverWait(chrome, 15).until(lambda one: one.current_url.endswith(end))


def test_a_reviewer_works_with_the_keys_alone(chrome: Chrome, data: Path) -> None:
    with served(data, "--no-watch") as address:
        chrome.get(f"{address}/duyet")
        wait_at(chrome, f"{DOCUMENT}-1")
        press(chrome, "j")
        wait_at(chrome, f"{DOCUMENT}-2")
        press(chrome, "k")
        wait_at(chrome, f"{DOCUMENT}-1")
        press(chrome, "e")
        lead = chrome.switch_to.active_element
        assert lead.get_attribute("name") == "lead"
        lead.send_keys(Keys.CONTROL, "a")
        lead.send_keys("Sở Nội vụ jkxe+", Keys.ESCAPE)
        assert chrome.current_url.endswith(f"{DOCUMENT}-1"), "keys typed into a field are letters"
        press(chrome, Keys.ENTER)
        wait_at(chrome, f"{DOCUMENT}-2")
        stored = merged_row(Store.open(f"sqlite:///{data}/giaoviec.db"), f"{DOCUMENT}-1")
        assert (stored.status, stored.row.lead) == ("approved", ("Sở Nội vụ jkxe+",))
        press(chrome, "x")
        chrome.switch_to.alert.accept()
        wait_for(chrome, "Đã bỏ:")
        press(chrome, "+")
        wait_for(chrome, "Thêm dòng sót")
        chrome.get(f"{address}/nhiem-vu")
        chrome.find_element(By.NAME, "body").send_keys("so noi vu", Keys.ENTER)
        WebDriverWait(chrome, 15).until(lambda one: "body=so" in one.current_url)
        assert "1 dòng" in chrome.find_element(By.CSS_SELECTOR, ".head .sum").text
        assert complaints(chrome) == []


SCREENS = (
    "/hop-thu",
    "/nhiem-vu",
    "/nhiem-vu/thong-ke",
    "/van-ban",
    f"/van-ban/{DOCUMENT}",
    f"/duyet/{DOCUMENT}-1",
    f"/van-ban/{DOCUMENT}/them",
    "/de-nghi",
    "/ma-tran",
    "/so-sanh",
    "/nhan-excel",
    "/nhat-ky",
    "/nguoi-dung",
)
SIZES = ((1366, 768), (1093, 614))
"""The usual screen, and the same where Windows enlarges everything to 125 %."""
UNLABELLED = """return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  .filter((one) => !one.labels.length && !one.getAttribute('aria-label')).map((one) => one.name)"""
NAMELESS = """return [...document.querySelectorAll('a[href], button, summary')]
  .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.title || one.hidden))
  .filter((one) => one.offsetParent).map((one) => one.outerHTML)"""
HEADINGS = "return [...document.querySelectorAll('h1, h2, h3')].map((one) => Number(one.tagName[1]))"
FAINT = """
const light = (rgb) => {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const ground = (one) => {
  for (let at = one; at; at = at.parentElement) {
    const colour = parts(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour.slice(0, 3);
  }
  return [255, 255, 255];
};
const written = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
const faint = [];
for (const one of document.querySelectorAll('body *')) {
  if (!one.offsetParent || one.closest('svg, [disabled]') || !written(one)) continue;
  const [a, b] = [light(parts(getComputedStyle(one).color).slice(0, 3)), light(ground(one))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) faint.push(`${ratio.toFixed(1)} ${one.className}: ${one.textContent.slice(0, 40)}`);
}
return faint"""
"""Words whose colour stands out from their ground by less than 4.5 : 1 (WCAG 2.1, 1.4.3)."""


def with_long_names(data: Path) -> None:
    """Add a document whose file, title and bodies have names as long as people make them."""
    made = extraction(
        "dài", "ke_hoach_" + "x" * 200 + ".pdf", number=None, title="Kế hoạch" * 40, issuer="Ủy_ban" * 20
    )
    path = "II/1/" + "a/(10)/" * 8 + "¶1"
    long = replace(made.rows[0], lead=("Trung_tâm" * 20,), text="Thực_hiện" * 60, path=path)
    source = made.raw.source
    seen = Seen(f"/vao/{source.name}", source.name, source.sha256, source.size, "Xã " + "Dài" * 20)
    Store.open(f"sqlite:///{data}/giaoviec.db").save(replace(made, rows=(long, *made.rows[1:])), seen)


def test_every_screen_fits_can_be_read_and_nothing_complains(chrome: Chrome, data: Path) -> None:
    with_long_names(data)
    other = extraction("dài").raw.source.document_id
    with served(data, "--no-watch") as address:
        for path in (*SCREENS, f"/van-ban/{other}", f"/duyet/{other}-1"):
            for width, height in SIZES:
                sized(chrome, width, height)
                chrome.get(address + path)
                wide, shown = chrome.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
                assert wide <= shown, f"{path} is wider than {width}"
            assert chrome.execute_script(UNLABELLED) == [], path
            assert chrome.execute_script(NAMELESS) == [], path
            levels = chrome.execute_script(HEADINGS)
            assert levels.count(1) == 1, path
            assert levels[0] == 1, f"{path}: the first heading is the page's"
            assert chrome.execute_script(FAINT) == [], path
            assert complaints(chrome) == [], path
        beside = "const at = (one) => document.querySelector(one).getBoundingClientRect(); "
        chrome.get(f"{address}/duyet/{DOCUMENT}-1")
        form, page = chrome.execute_script(beside + "return [at('.row-form').top, at('.source').top]")
        assert form == page, "the row stays beside its page"
        sized(chrome, 1366, 768)


def sized(chrome: Chrome, width: int, height: int) -> None:
    """Give the page so many points."""
    border = chrome.get_window_size()["height"] - chrome.execute_script("return window.innerHeight")
    chrome.set_window_size(width, height + border)


def test_the_place_in_the_inbox_is_kept_when_its_table_is_renewed(chrome: Chrome, data: Path) -> None:
    with served(data, "--no-watch") as address:
        chrome.get(f"{address}/hop-thu")
        link = chrome.find_element(By.CSS_SELECTOR, "#bang td a")
        chrome.execute_script("arguments[0].focus(); window.kept = document.activeElement", link)
        with_long_names(data)
        chrome.execute_script("htmx.ajax('GET', '/hop-thu/bang', {target: '#bang', swap: 'outerMorph'})")
        wait_for(chrome, "ke_hoach_xxx")
        where = "return [document.activeElement.tagName, document.activeElement.isConnected]"
        assert chrome.execute_script(where) == ["A", True]
        assert complaints(chrome) == []


def test_many_files_are_told_in_one_line(chrome: Chrome, data: Path) -> None:
    for number in range(50):
        (data / f"Kế hoạch {number:02}.txt").write_text(f"KẾ HOẠCH {number}", encoding="utf-8")
    empty = data / "rỗng.txt"
    empty.touch()
    with served(data, "--no-watch") as address:
        chrome.get(f"{address}/hop-thu")
        assert not chrome.find_element(By.ID, "nop-tep").is_displayed(), "what is chosen is sent at once"
        files = [*sorted(data.glob("Kế hoạch *.txt")), empty]
        chrome.find_element(By.ID, "tep").send_keys("\n".join(map(str, files)))
        WebDriverWait(chrome, 60).until(lambda one: "Đang gửi" not in one.find_element(By.ID, "nop-ket-qua").text)
        said = chrome.find_element(By.ID, "nop-ket-qua").text.splitlines()
        assert said[0] == "50 tệp đã nhận, sẽ có trong bảng sau ít phút."
        assert len(said) == 2
        assert said[1].startswith("rỗng.txt: ")
        assert len(list((data / "hop_thu").rglob("Kế hoạch *.txt"))) == 50


def test_the_inbox_takes_a_dropped_file(chrome: Chrome, data: Path) -> None:
    dropped = data / "kế hoạch <b>.txt"
    dropped.write_text("KẾ HOẠCH\nI. NHIỆM VỤ\n1. Tổ chức đối thoại.", encoding="utf-8")
    with served(data, "--no-watch") as address:
        complaints(chrome)  # those of the tests before
        chrome.get(f"{address}/hop-thu")
        chrome.find_element(By.NAME, "commune").send_keys("Lê Chân")
        chrome.find_element(By.ID, "tep").send_keys(str(dropped))
        wait_for(chrome, "đã nhận, sẽ có trong bảng")
        time.sleep(0.2)
        assert [path.name for path in (data / "hop_thu/Lê Chân").iterdir()] == ["kế hoạch _b_.txt"]
        assert complaints(chrome) == []
