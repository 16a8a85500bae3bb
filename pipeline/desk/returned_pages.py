"""Nhận Excel: a workbook that staff corrected, its changes shown cell by cell before they are taken."""

from __future__ import annotations

import shutil
import tempfile
import zlib
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from pipeline.desk.desk import Desk, desk_of, page, visitor_of
from pipeline.desk.render import query_words
from pipeline.ingest import under_its_name
from pipeline.records import folder
from pipeline.records.folder import find_returned
from pipeline.records.returned import Change, Returned, compare_workbook, take
from pipeline.store.originals import Kept, keep, place_of
from pipeline.store.people import note
from schemas.errors import ReadError, StoreError

router = APIRouter()
HEX = frozenset("0123456789abcdef")
MOST_BYTES = 30 << 20
MOST_SHOWN = 500
MOST_NAME = 200
KINDS = {"correct": ("corrected", "sửa"), "add": ("added", "thêm dòng"), "drop": ("dropped", "bỏ dòng")}
TAKEN = "Đã nhận {count} thay đổi từ {name}."
DECLINED = "Đã bỏ {name}: không có thay đổi nào được ghi; tệp gốc vẫn được giữ."
SETTLED = "Bảng này đã được người khác nhận hoặc bỏ rồi."
CHANGED = "Bảng trong hệ thống vừa thay đổi; dưới đây là các thay đổi tính lại, hãy xem rồi nhận lần nữa."


@router.get("/nhan-excel")
def workbook(request: Request) -> Response:
    """The place to give a workbook back."""
    done = request.query_params.get("xong", "")
    said = TAKEN.format(count=done, name=_name(request)) if done.isdecimal() and len(done) < 7 else ""
    said = DECLINED.format(name=_name(request)) if request.query_params.get("bo") else said
    return _place(request, said=said)


def _place(request: Request, code: int = 200, said: str = "", trouble: str = "") -> Response:
    """The page without a workbook: where to give one, and those of the folder that wait."""
    waiting = folder.waiting_files(desk_of(request).store)
    return page(request, "returned.html", code, returned=None, said=said, trouble=trouble, waiting=waiting)


def _name(request: Request, sha256: str = "") -> str:
    """The workbook's name as it was dropped into the folder, else as the address carries it."""
    dropped = find_returned(desk_of(request).store, sha256) if sha256 else None
    return dropped.name if dropped else request.query_params.get("ten", "")[:MOST_NAME] or "bảng nộp lại"


@router.post("/nhan-excel")
def give_back(request: Request, file: Annotated[UploadFile, File()]) -> Response:
    """Keep the workbook's bytes and show what it changes."""
    desk, name = desk_of(request), Path((file.filename or "").replace("\\", "/")).name[:MOST_NAME] or "bang.xlsx"
    try:
        sha256 = _keep(desk, file)
    except ReadError as error:
        return _place(request, 422, trouble=str(error))
    return RedirectResponse(f"/nhan-excel/{sha256}{query_words({'ten': name})}", 303)


def _keep(desk: Desk, file: UploadFile) -> str:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as aside:
        shutil.copyfileobj(file.file, aside)
        aside.flush()
        return keep(Path(aside.name), desk.settings.data / "bang_nop", MOST_BYTES).sha256


@router.get("/nhan-excel/{sha256}")
def changes(request: Request, sha256: str) -> Response:
    """What the workbook changes, cell by cell; nothing is taken yet."""
    return _show(request, sha256)


def _compared(request: Request, sha256: str) -> Returned:
    desk = desk_of(request)
    place = _kept_at(desk, sha256)
    kept = Kept(place, sha256, place.stat().st_size)
    aside = desk.settings.data / "bang_nop" / "tmp"
    aside.mkdir(parents=True, exist_ok=True)
    with under_its_name(kept, "bang.xlsx", aside) as path:
        return compare_workbook(desk.store, path, sha256, desk.settings.limits, _name(request, sha256))


def _kept_at(desk: Desk, sha256: str) -> Path:
    """Where the bytes lie that were given at this page or dropped into the folder; no other original is read here."""
    if len(sha256) == 64 and HEX.issuperset(sha256):
        given = place_of(desk.settings.data / "bang_nop", sha256)
        dropped = place_of(desk.settings.originals, sha256) if find_returned(desk.store, sha256) else given
        for place in (given, dropped):
            if place.is_file():
                return place
    raise HTTPException(404)


def _show(request: Request, sha256: str, code: int = 200, said: str = "") -> Response:
    try:
        returned = _compared(request, sha256)
    except ReadError as error:
        return _place(request, 422, trouble=str(error))
    return page(
        request,
        "returned.html",
        code,
        returned=returned,
        lines=[_line(change) for change in returned.changes[:MOST_SHOWN]],
        more=max(0, len(returned.changes) - MOST_SHOWN),
        refusals=[refusal.sentence() for refusal in returned.refusals],
        seen=_digest(returned),
        sha256=sha256,
        name=_name(request, sha256),
        waits=folder.returned_states(desk_of(request).store, [sha256]).get(sha256) == folder.WAITING,
        said="",
        trouble=said,
    )


def _line(change: Change) -> dict[str, Any]:
    chip, words = KINDS[change.kind]
    return {"chip": chip, "words": words, "change": change}


def _digest(returned: Returned) -> str:
    """A number that says whether what is taken is what was shown."""
    return str(
        zlib.crc32(repr([(one.task_id, one.field, one.before, one.after) for one in returned.changes]).encode())
    )


@router.post("/nhan-excel/{sha256}")
def take_changes(
    request: Request,
    sha256: str,
    seen: Annotated[str, Form(max_length=20)],
    drop_many: Annotated[bool, Form()] = False,
) -> Response:
    """Take the changes as they were shown, with the file as their source."""
    store, who = desk_of(request).store, visitor_of(request).name
    returned = _compared(request, sha256)
    if _digest(returned) != seen:
        return _show(request, sha256, 409, CHANGED)
    try:
        count = take(store, returned, who, drop_many)
    except StoreError as error:
        return _show(request, sha256, 409, str(error))
    folder.settle_file(store, sha256, folder.TAKEN, who, count)
    name = _name(request, sha256)
    note(store, who, "nhap_excel", name, f"{count} thay đổi")
    return RedirectResponse(f"/nhan-excel{query_words({'xong': count, 'ten': name})}", 303)


@router.post("/nhan-excel/{sha256}/bo")
def decline(request: Request, sha256: str) -> Response:
    """Leave a workbook of the folder aside; 409 where it does not wait any more."""
    store, who = desk_of(request).store, visitor_of(request).name
    _kept_at(desk_of(request), sha256)
    if not folder.decline_file(store, sha256, who):
        return _place(request, 409, trouble=SETTLED)
    name = _name(request, sha256)
    note(store, who, "bo_excel", name, None)
    return RedirectResponse(f"/nhan-excel{query_words({'bo': 1, 'ten': name})}", 303)
