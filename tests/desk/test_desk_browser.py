"""The desk in a real browser, in short: keys, correction, approval, filters, no complaint of the browser."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from pipeline.records import merged_row
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


def test_every_screen_fits_the_usual_screen_and_nothing_complains(chrome: Chrome, data: Path) -> None:
    paths = (
        "/hop-thu",
        "/nhiem-vu",
        "/nhiem-vu/thong-ke",
        "/van-ban",
        f"/van-ban/{DOCUMENT}",
        f"/duyet/{DOCUMENT}-1",
    )
    paths += ("/ma-tran", "/so-sanh", "/nhan-excel", "/nhat-ky", "/nguoi-dung")
    with served(data, "--no-watch") as address:
        for path in paths:
            chrome.get(address + path)
            wide, shown = chrome.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
            assert wide <= shown, f"{path} is wider than the screen"
            unlabelled = chrome.execute_script(
                "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
                ".filter((one) => !one.labels.length).map((one) => one.name)"
            )
            assert unlabelled == [], path
            assert complaints(chrome) == [], path


def test_the_inbox_takes_a_dropped_file(chrome: Chrome, data: Path) -> None:
    dropped = data / "kế hoạch <b>.txt"
    dropped.write_text("KẾ HOẠCH\nI. NHIỆM VỤ\n1. Tổ chức đối thoại.", encoding="utf-8")
    with served(data, "--no-watch") as address:
        chrome.get(f"{address}/hop-thu")
        chrome.find_element(By.NAME, "commune").send_keys("Lê Chân")
        chrome.find_element(By.ID, "tep").send_keys(str(dropped))
        wait_for(chrome, "đã nhận, sẽ có trong bảng")
        time.sleep(0.2)
        assert [path.name for path in (data / "hop_thu/Lê Chân").iterdir()] == ["kế hoạch _b_.txt"]
        assert complaints(chrome) == []
