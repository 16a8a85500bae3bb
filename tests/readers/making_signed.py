"""Signed PDFs as an office's signing program makes them: a stamp that shows, several signers, changes afterwards."""

from __future__ import annotations

import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from asn1crypto import keys
from asn1crypto import x509 as plain
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

FONT = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")


def letters(text: str) -> object:
    """The text as pdfium takes it."""
    data = (text + "\0").encode("utf-16-le")
    return (pdfium.FPDF_WCHAR * (len(data) // 2)).from_buffer_copy(data)


def put_text(
    pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, text: str, x: float, y: float, size: float
) -> object:
    """Write one line at (x, y) from the lower left; return the text object."""
    font_data = FONT.read_bytes()
    buffer = (pdfium.c_uint8 * len(font_data)).from_buffer_copy(font_data)
    font = pdfium.FPDFText_LoadFont(pdf.raw, buffer, len(font_data), pdfium.FPDF_FONT_TRUETYPE, 1)
    made = pdfium.FPDFPageObj_CreateTextObj(pdf.raw, font, size)
    pdfium.FPDFText_SetText(made, letters(text))
    pdfium.FPDFPageObj_Transform(made, 1, 0, 0, 1, x, y)
    pdfium.FPDFPage_InsertObject(page.raw, made)
    return made


def page_of(lines: list[str], size: float = 8, width: float = 230, height: float = 60) -> bytes:
    """A PDF of one page with these lines, from the top."""
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(width, height)
    for at, line in enumerate(lines):
        put_text(pdf, page, line, 4, height - (at + 1.3) * size * 1.3, size)
    page.gen_content()
    return saved(pdf)


def saved(pdf: pypdfium2.PdfDocument) -> bytes:
    """The bytes of a document of pypdfium2."""
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def signer(common: str, organization: str) -> signers.SimpleSigner:
    """A signer with a certificate of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2045, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=plain.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def signed(data: bytes, by: signers.SimpleSigner, field: str, page: int, box: tuple[int, ...], look: bytes) -> bytes:
    """The document signed; `look` is a PDF of one page that shows in the box on the page (from 0)."""
    with tempfile.TemporaryDirectory() as folder:
        shown = Path(folder) / "look.pdf"
        shown.write_bytes(look)
        style = StaticStampStyle.from_pdf_file(str(shown), border_width=0, background_opacity=1)
        out = signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=field),
            signer=by,
            stamp_style=style,
            new_field_spec=SigFieldSpec(field, on_page=page, box=box),
        ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)))
    return bytes(out.getvalue())


def updated(data: bytes, page: int, extra: bytes) -> bytes:
    """The document with drawing operators added to a page by an incremental update, as an editor appends them."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    found = writer.root["/Pages"]["/Kids"][page].get_object()
    stream = writer.add_object(generic.StreamObject(stream_data=extra))
    contents = found.raw_get("/Contents")
    before = list(contents.get_object()) if isinstance(contents.get_object(), generic.ArrayObject) else [contents]
    found[generic.pdf_name("/Contents")] = generic.ArrayObject([*before, stream])
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(page))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
