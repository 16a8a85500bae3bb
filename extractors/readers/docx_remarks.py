"""What a Word file holds beside its text, told to staff: comments, embedded objects, drawings with words, inserts."""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

COMMENTS = "Tệp có {n} ghi chú bên lề (comment) không thuộc văn bản nên không được đọc."
OBJECTS = "Tệp có {n} đối tượng nhúng (bảng Excel, công thức …) chưa được đọc; đề nghị dán thành bảng hoặc gửi riêng."
DRAWINGS = "Tệp có sơ đồ hoặc biểu đồ có chữ chưa được đọc; đề nghị xem lại trong tệp gốc."
INSERTS = "Tệp có phần được chèn từ tệp khác mà chưa được đọc; đề nghị mở bằng Word rồi lưu lại."
COMMENT_PART, DRAWN_PARTS = "/comments.xml", ("/diagrams/data", "/charts/chart")
MACROS = "Tệp có macro; macro không được chạy và không được đọc."
MACRO_PART = "/vbaProject"
LETTERS = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def docx_remarks(document: Document) -> Iterator[str]:
    """The sentences about what is in the file and is no line of it."""
    parts = {relation.target_part for relation in document.part.rels.values() if not relation.is_external}
    for part in parts:
        if str(part.partname).endswith(COMMENT_PART) and (n := len(parse_xml(part.blob).findall(qn("w:comment")))):
            yield COMMENTS.format(n=n)
    if any(relation.reltype.endswith(MACRO_PART) for relation in document.part.rels.values()):
        yield MACROS
    objects = sum(1 for _ in document.element.body.iter(qn("w:object")))
    if objects:
        yield OBJECTS.format(n=objects)
    if any(_has_words(part) for part in parts):
        yield DRAWINGS
    if next(document.element.body.iter(qn("w:altChunk"), qn("w:subDoc")), None) is not None:
        yield INSERTS


def _has_words(part: object) -> bool:
    """Whether a drawing of its own part (SmartArt, a chart) has letters in it."""
    if not any(name in str(part.partname) for name in DRAWN_PARTS):  # type: ignore[attr-defined]
        return False
    return any((text.text or "").strip() for text in parse_xml(part.blob).iter(LETTERS))  # type: ignore[attr-defined]
