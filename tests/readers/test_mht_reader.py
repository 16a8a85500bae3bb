"""Word's web page in a single file."""

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from extractors.readers import open_source, read
from schemas.errors import UnreadableFile

PAGE = "<html><p>Nâng cao nhận thức năm 2026</p><table><tr><td>STT<td>Nhiệm vụ<tr><td>1<td>Họp</table></html>"


def packed(*parts, **headers):
    message = MIMEMultipart("related", type="text/html")
    for name, value in headers.items():
        message[name] = value
    for part in parts:
        message.attach(part)
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_page_is_read_and_its_pictures_are_not(tmp_path, charset, line_end):
    data = packed(MIMEText(PAGE, "html", charset), MIMEImage(b"GIF89a", "gif"), From="<Saved by Word>")
    path = tmp_path / "a.mht"
    path.write_bytes(data.replace(b"\n", line_end))
    document = read(open_source(path))
    assert document.reader == "html"
    assert [line.text for line in document.lines] == ["Nâng cao nhận thức năm 2026", "STT", "Nhiệm vụ", "1", "Họp"]


def test_a_file_without_a_page_is_refused(tmp_path):
    path = tmp_path / "a.mht"
    path.write_bytes(packed(MIMEImage(b"GIF89a", "gif")))
    with pytest.raises(UnreadableFile, match="hỏng"):
        read(open_source(path))
