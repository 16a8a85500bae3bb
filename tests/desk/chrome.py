"""A desk served by its own command, and a headless Chromium in front of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=vi",
)


@contextmanager
def served(data: Path, *options: str) -> Iterator[str]:
    """The address of a desk over `data`, served by `giaoviec review` on a free port until the end."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("GIAOVIEC_DATABASE_URL", None)
    command = [sys.executable, "-m", "pipeline", "review", "--port", "0", "--data", str(data), *options]
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    try:
        assert desk.stdout is not None
        said = desk.stdout.readline()
        found = re.search(r"http://[\w.:\[\]]+", said)
        assert found, f"the desk did not start: {said}"
        yield found[0]
    finally:
        desk.send_signal(signal.SIGTERM)
        try:
            desk.wait(20)
        except subprocess.TimeoutExpired:
            desk.kill()
            desk.wait()


@contextmanager
def browser(profile: Path, scale: int = 1, downloads: Path | None = None) -> Iterator[Chrome]:
    """A Chromium of 1366×768 (at `scale` dots each) that keeps its files in `profile`; skips where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not (program and driver):
        pytest.skip("chromium or chromedriver is not installed: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = program
    for argument in (*QUIET, f"--user-data-dir={profile}", f"--force-device-scale-factor={scale}"):
        options.add_argument(argument)
    options.add_argument("--window-size=1366,768")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if downloads:
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    chrome = Chrome(options=options, service=Service(driver))
    try:
        chrome.set_script_timeout(30)
        border = 768 - chrome.execute_script("return window.innerHeight")
        chrome.set_window_size(1366, 768 + border)
        yield chrome
    finally:
        chrome.quit()


def complaints(chrome: Chrome) -> list[str]:
    """What the browser complained about: errors of scripts, what the policy forbade, what was not there."""
    return [line["message"] for line in chrome.get_log("browser") if line["level"] in ("SEVERE", "WARNING")]
