"""The one door to OCR: `default_ocr()` gives the engine that is installed, Tesseract in process or as a program."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # before any engine is loaded: more threads only burn time

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from extractors.readers.page_image import Picture
from schemas.errors import MissingProgram, UnreadableFile
from schemas.progress import advance

LANGUAGE = "vie"
STRONGER = ("script/Vietnamese", "Vietnamese")
PAGE_TIMEOUT = 180
CHOICE = "GIAOVIEC_OCR"
TESSDATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)
MISSING = (
    "Tệp là bản quét nên cần chương trình Tesseract kèm dữ liệu tiếng Việt mà máy này chưa có; "
    "đề nghị cài gói tesseract-ocr và tesseract-ocr-vie (Ubuntu: sudo apt install tesseract-ocr tesseract-ocr-vie)."
)
FAILED = "Chương trình nhận dạng chữ không đọc được trang này; đề nghị quét lại trang rõ hơn rồi gửi lại."


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word with its box in dots of the picture (left, top, right, bottom), 0–100, and the number of its line.

    `other` is what a second reading has in its place, where the two disagree on a digit.
    """

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    line: int
    other: str | None = None

    def moved(self, across: int, down: int) -> OcrWord:
        """The word with its box moved, as from a part of a picture to the whole."""
        left, top, right, bottom = self.box
        return replace(self, box=(left + across, top + down, right + across, bottom + down))


class Ocr(Protocol):
    """Reads the words of a grey picture; `block` where it is one block of text, such as a cell of a table."""

    name: str

    def words(self, picture: Picture, dpi: int, *, block: bool = False, strong: bool = False) -> list[OcrWord]:
        """The words in reading order."""


class TesserocrEngine:
    """Tesseract in this process: the fastest."""

    name = "tesserocr"

    def __init__(self, tessdata: str) -> None:
        self._tessdata = tessdata
        self._apis: dict[str, Any] = {}

    def words(self, picture: Picture, dpi: int, *, block: bool = False, strong: bool = False) -> list[OcrWord]:
        """The words in reading order."""
        import tesserocr

        api = self._api(_model(self._tessdata, strong))
        api.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK if block else tesserocr.PSM.AUTO)
        height, width = picture.shape
        api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        api.SetSourceResolution(dpi)
        if not api.Recognize(PAGE_TIMEOUT * 1000):
            raise UnreadableFile(FAILED, detail="recognition was cut off")
        words = list(_tesserocr_words(api))
        api.Clear()
        advance()
        return words

    def _api(self, language: str) -> Any:
        import tesserocr

        if language not in self._apis:
            tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)  # it writes past every log to stderr
            self._apis[language] = tesserocr.PyTessBaseAPI(path=self._tessdata, lang=language)
        return self._apis[language]


def _tesserocr_words(api: Any) -> list[OcrWord]:
    import tesserocr

    found: list[OcrWord] = []
    iterator = api.GetIterator()
    if iterator is None:
        return found
    line = -1
    for item in tesserocr.iterate_level(iterator, tesserocr.RIL.WORD):
        if item.Empty(tesserocr.RIL.WORD):
            continue
        line += line < 0 or item.IsAtBeginningOf(tesserocr.RIL.TEXTLINE)
        text, box = item.GetUTF8Text(tesserocr.RIL.WORD), item.BoundingBox(tesserocr.RIL.WORD)
        if text and text.strip() and box:
            found.append(OcrWord(text.strip(), tuple(box), float(item.Confidence(tesserocr.RIL.WORD)), line))
    return found


class PytesseractEngine:
    """Tesseract as a program of its own, through pytesseract, from a lossless file that says its dots an inch."""

    name = "pytesseract"

    def __init__(self, tessdata: str) -> None:
        self._tessdata = tessdata

    def words(self, picture: Picture, dpi: int, *, block: bool = False, strong: bool = False) -> list[OcrWord]:
        """The words in reading order."""
        import pytesseract

        config = f'--psm {6 if block else 3} --dpi {dpi} --tessdata-dir "{self._tessdata}"'
        with tempfile.TemporaryDirectory(prefix="giaoviec-") as folder:
            path = Path(folder) / "page.png"
            Image.fromarray(picture).save(path, dpi=(dpi, dpi), compress_level=1)
            try:
                table = pytesseract.image_to_data(
                    str(path),
                    lang=_model(self._tessdata, strong),
                    config=config,
                    output_type=pytesseract.Output.DICT,
                    timeout=PAGE_TIMEOUT,
                )
            except pytesseract.TesseractNotFoundError as error:
                raise MissingProgram(MISSING, detail=str(error)) from error
            except (pytesseract.TesseractError, RuntimeError) as error:
                raise UnreadableFile(FAILED, detail=str(error)) from error
        advance()
        return _pytesseract_words(table)


def _pytesseract_words(table: dict[str, list[Any]]) -> list[OcrWord]:
    found: list[OcrWord] = []
    numbers: dict[tuple[int, int, int], int] = {}
    for at, text in enumerate(table["text"]):
        if not str(text).strip() or float(table["conf"][at]) < 0:
            continue
        key = (table["block_num"][at], table["par_num"][at], table["line_num"][at])
        left, top = table["left"][at], table["top"][at]
        box = (left, top, left + table["width"][at], top + table["height"][at])
        found.append(OcrWord(str(text).strip(), box, float(table["conf"][at]), numbers.setdefault(key, len(numbers))))
    return found


def has_model(folder: str | Path, model: str) -> bool:
    """Whether a folder of Tesseract's data holds the model."""
    return (Path(folder) / f"{model}.traineddata").is_file()


def _model(folder: str, strong: bool) -> str:
    """The model to read with: the stronger one, where it is wanted and installed."""
    found = [model for model in STRONGER if strong and has_model(folder, model)]
    return found[0] if found else LANGUAGE


def tessdata_folder() -> str | None:
    """The first folder with Tesseract's data for Vietnamese; None where there is none."""
    named = os.environ.get("TESSDATA_PREFIX")
    folders = [named, str(Path(named) / "tessdata")] if named else []
    return next((folder for folder in [*folders, *TESSDATA_FOLDERS] if has_model(folder, LANGUAGE)), None)


def _tesserocr() -> Ocr | None:
    folder = tessdata_folder()
    return TesserocrEngine(folder) if folder and importlib.util.find_spec("tesserocr") else None


def _pytesseract() -> Ocr | None:
    folder = tessdata_folder()
    known = importlib.util.find_spec("pytesseract") and shutil.which("tesseract")
    return PytesseractEngine(folder) if folder and known else None


# Tried from the top; the environment variable GIAOVIEC_OCR names one of them.
ENGINES: dict[str, Callable[[], Ocr | None]] = {"tesserocr": _tesserocr, "pytesseract": _pytesseract}


def default_ocr() -> Ocr:
    """The engine that is installed, or that GIAOVIEC_OCR names; raises MissingProgram where there is none."""
    return _engine(os.environ.get(CHOICE, ""))


@cache
def _engine(choice: str) -> Ocr:
    makers = [ENGINES[choice]] if choice in ENGINES else list(ENGINES.values())
    engine = next((made for maker in makers if (made := maker()) is not None), None)
    if engine is None:
        raise MissingProgram(MISSING)
    return engine
