"""Pictures of every screen over the sample documents: `python -m tests.desk.screenshots FOLDER`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from pipeline.compare.nightly import compare_stored
from pipeline.records import approve, decide, merged_row
from pipeline.store.places import row_places_of
from pipeline.store.queries import find_documents, find_tasks
from pipeline.store.store import Store
from pipeline.task_filter import TaskFilter
from tests.desk.chrome import ROOT, browser, served

SAMPLES = {
    "Lê Chân": ("typed/000_le_chan.pdf", "scans/000_le_chan.scan150.pdf"),
    "Hồng Châu": ("typed/001_hong_chau.pdf",),
    "Bắc Sơn": ("scans/003_bac_son.scan300.pdf",),
    "Nam Triệu": ("text/004_nam_trieu_ocr.txt",),
    "Hải Phòng": ("typed/002_hai_phong_49.docx",),
}
ANNEX = """PHỤ LỤC
PHÂN CÔNG NHIỆM VỤ XÂY DỰNG MÔ HÌNH “CHÍNH QUYỀN THÂN THIỆN”
(Kèm theo Kế hoạch số 49/KH-UBND ngày 28/02/2025 của Ủy ban nhân dân thành phố Hải Phòng)

I. NHIỆM VỤ
1. Sở Nội vụ chủ trì, phối hợp với Ban Dân vận Thành ủy tổng hợp kết quả trước ngày 15/12/2025.
2. Ủy ban nhân dân các xã, phường báo cáo định kỳ hằng quý.
"""
SETS = ("hai_phong_5049", "hai_phong_49")


def prepare(folder: Path) -> Path:
    """A data folder with the samples read as if each commune had dropped its own, and some decisions."""
    data, drop = folder / "du_lieu", folder / "vao"
    for commune, files in SAMPLES.items():
        (drop / commune).mkdir(parents=True)
        for file in files:
            shutil.copy(ROOT / "sample_docs" / file, drop / commune)
    half = (ROOT / "sample_docs/typed/000_le_chan.docx").read_bytes()[:9000]
    (drop / "Lê Chân" / "ke_hoach_chep_do.docx").write_bytes(half)
    (drop / "Hải Phòng" / "phu_luc_phan_cong.txt").write_text(ANNEX, encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "ingest", str(drop), "--data", str(data)]
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    store = Store.open(f"sqlite:///{data}/giaoviec.db")
    compare_stored(store, SETS)
    _decide(store)
    return data


def _decide(store: Store) -> None:
    rows = find_tasks(store, TaskFilter(commune="Hồng Châu", kind="task", limit=3)).rows  # type: ignore[arg-type]
    first = merged_row(store, rows[0].task_id)
    changed = decide(store, rows[0].task_id, "lead", ["Phòng Văn hóa - Xã hội"], "lan", first.version)
    decide(store, rows[0].task_id, "due", "2026-06-30", "lan", changed.version)
    approve(store, rows[1].task_id, "lan", merged_row(store, rows[1].task_id).version)


def screens(store: Store) -> dict[str, str]:
    """The name of each picture → the address of its screen."""
    held = {document["file"]: document["document_id"] for document in find_documents(store)}
    scan, text = held["003_bac_son.scan300.pdf"], held["004_nam_trieu_ocr.txt"]
    plan = held["001_hong_chau.pdf"]
    running = next(
        row for row in find_tasks(store, TaskFilter(document=plan)).rows if len(row_places_of(store, row)) > 1
    )
    corrected = find_tasks(store, TaskFilter(status="corrected", limit=1)).rows[0].task_id
    return {
        "hop_thu": "/hop-thu",
        "duyet_ban_quet": f"/duyet?document={scan}",
        "duyet_khoi_phuc": f"/duyet?document={text}",
        "duyet_hai_trang": f"/duyet/{running.task_id}",
        "duyet_da_sua": f"/duyet/{corrected}",
        "bang_nhiem_vu": "/nhiem-vu?sort=due",
        "bang_loc": "/nhiem-vu?body=van+phong+hdnd+va+ubnd&role=lead&words=doi+thoai",
        "thong_ke": "/nhiem-vu/thong-ke",
        "van_ban_danh_sach": "/van-ban",
        "van_ban": f"/van-ban/{held['001_hong_chau.pdf']}",
        "de_nghi": "/de-nghi",
        "ma_tran": f"/ma-tran?set={SETS[0]}",
        "so_sanh": f"/so-sanh?cu={text}&moi={held['001_hong_chau.pdf']}",
        "nhan_excel": "/nhan-excel",
        "them_dong": f"/van-ban/{scan}/them",
        "nhat_ky": "/nhat-ky",
        "nguoi_dung": "/nguoi-dung",
    }


def take(chrome: Chrome, address: str, screens: dict[str, str], folder: Path) -> None:
    """Write a picture of each screen as it fits 1366×768."""
    for name, path in screens.items():
        chrome.get(address + path)
        time.sleep(1.0)
        chrome.save_screenshot(str(folder / f"{name}.png"))
    chrome.get(f"{address}/nhan-excel")
    book = corrected_workbook(chrome, address, folder)
    chrome.find_element(By.NAME, "file").send_keys(str(book))
    chrome.find_element(By.CSS_SELECTOR, "main button.main").click()
    time.sleep(2)
    chrome.save_screenshot(str(folder / "nhan_excel_thay_doi.png"))


def corrected_workbook(chrome: Chrome, address: str, folder: Path) -> Path:
    """A workbook of one commune with three cells corrected."""
    from urllib.request import urlopen

    import openpyxl

    path = folder / "bang_da_sua.xlsx"
    with urlopen(f"{address}/nhiem-vu/tai.xlsx?commune=le+chan&kind=task") as answer:
        path.write_bytes(answer.read())
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    place = {cell.value: cell for line in sheet.iter_rows(max_row=6) for cell in line if cell.value}
    first = place["Cơ quan chủ trì"].row + 1
    for heading, value in (
        ("Cơ quan chủ trì", "Công an phường"),
        ("Hạn hoàn thành", "30/6/2026"),
        ("Sản phẩm", "Báo cáo"),
    ):
        sheet.cell(first, place[heading].column).value = value
    book.save(path)
    return path


def main(target: str) -> None:
    """Make the pictures in the folder `target`."""
    folder = Path(target).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = prepare(folder)
    store = Store.open(f"sqlite:///{data}/giaoviec.db")
    with served(data, "--no-watch") as address, browser(folder / "chrome") as chrome:
        take(chrome, address, screens(store), folder)
    for rest in ("chrome", "vao", "du_lieu"):
        shutil.rmtree(folder / rest, ignore_errors=True)
    print(f"Ảnh các màn hình: {folder}")


if __name__ == "__main__":
    main(sys.argv[1])
