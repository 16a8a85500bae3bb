"""Sends the digest by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from pipeline.night.config import Mail
from pipeline.night.digest import Digest, digest_html, digest_text
from schemas.errors import MailError

SECONDS = 30
"""How long a mail server may take to answer."""
NOT_SENT = "Không gửi được thư qua {host}:{port}; hãy kiểm tra mục “mail” của tệp cấu hình và máy chủ thư."
NO_PASSWORD = "Không đọc được mật khẩu thư trong tệp {path}."


def letter(digest: Digest, mail: Mail) -> EmailMessage:
    """The letter: the digest as plain lines and as a page."""
    message = EmailMessage()
    message["Subject"] = f"Bản tin giaoviec {digest.made_at:%d/%m/%Y}: {digest.headline()}"
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    message["Date"] = formatdate(digest.made_at.timestamp())
    message["Message-ID"] = make_msgid("giaoviec", domain=mail.sender.rpartition("@")[2])
    message.set_content(digest_text(digest))
    message.add_alternative(digest_html(digest), subtype="html")
    return message


def send(message: EmailMessage, mail: Mail) -> bool:
    """True once the mail server has taken the letter; raises `MailError` where it does not."""
    password = _password(mail)
    context = ssl.create_default_context()
    try:
        with _connect(mail, context) as server:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user and password is not None:
                server.login(mail.user, password)
            server.send_message(message)
        return True
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(NOT_SENT.format(host=mail.host, port=mail.port), repr(error)) from error


def _connect(mail: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)


def _password(mail: Mail) -> str | None:
    if mail.password_file is None:
        return None
    try:
        return mail.password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MailError(NO_PASSWORD.format(path=mail.password_file), str(error)) from error
