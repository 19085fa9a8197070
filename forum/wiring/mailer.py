"""Sends mail by SMTP, or writes it to a folder where no server is set."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from forum.outbox.mail import Mail, MailRefused


class SmtpMailer:
    """`url` is smtp://user:password@host:port (STARTTLS where offered) or smtps://."""

    def __init__(self, url: str, sender: str) -> None:
        self._parts = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail) -> None:
        parts = self._parts
        secure = parts.scheme == "smtps"
        make = smtplib.SMTP_SSL if secure else smtplib.SMTP
        try:
            with make(parts.hostname or "localhost", parts.port or (465 if secure else 25), timeout=20) as server:
                server.ehlo()
                if not secure and server.has_extn("starttls"):
                    server.starttls()
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(letter(mail, self._sender))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise MailRefused(str(error), permanent=all(code >= 500 for code in codes)) from error
        except smtplib.SMTPResponseException as error:
            raise MailRefused(str(error), permanent=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(f"{type(error).__name__}: {error}", permanent=False) from error


class FolderMailer:
    """Writes each mail as an .eml file: what a community without a mail server starts with."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / f"{mail.key.replace(':', '-')}.eml").write_bytes(bytes(letter(mail, self._sender)))


def letter(mail: Mail, sender: str) -> EmailMessage:
    """The message as it travels; its Message-ID follows from the delivery's key, so a second copy can be told."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    # A colon may not stand in a Message-ID: some mailboxes cut the id there, and would fold different mails into one.
    message["Message-ID"] = f"<{mail.key.replace(':', '-')}@{domain}>"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    for file in mail.attachments:
        kind, _slash, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message
