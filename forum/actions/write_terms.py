"""Write the programme's terms anew. Older versions stay, since members agreed to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.grant import ProgrammeTerms
from forum.threads.writing import clean_text

LONGEST = 10_000  # characters in one language
ENGLISH = "en"


def write_terms(session: Session, texts: Mapping[str, str], by: Account, now: datetime) -> ProgrammeTerms:
    """`texts` is Markdown by locale, such as zh_Hans; a language left empty reads the English.

    Invitations that wait keep the terms they were sent with. Nothing new is kept where nothing was changed.
    Raises Invalid by fields named terms-LOCALE.
    """
    require(by, Act.KEEP_RANKS)
    kept = {locale: _clean(text, locale) for locale, text in texts.items() if text.strip() or locale == ENGLISH}
    if ENGLISH not in kept:
        _clean("", ENGLISH)
    take_turns(session, "programme terms")
    latest = session.scalar(select(ProgrammeTerms).order_by(ProgrammeTerms.id.desc()).limit(1))
    if latest is not None and latest.texts == kept:
        return latest
    terms = ProgrammeTerms(texts=kept, made_by_id=by.id, made_at=now)
    session.add(terms)
    session.flush()
    details = {"terms": terms.id}
    session.add(LogEntry(act=Act.KEEP_RANKS, about="programme:terms", by_id=by.id, at=now, details=details))
    session.flush()
    return terms


def _clean(text: str, locale: str) -> str:
    if not text.strip():
        sentence = Message("The English terms are read wherever another language has none, so they cannot be empty.")
        raise Invalid(sentence, {f"terms-{locale}": sentence})
    return clean_text(text, f"terms-{locale}", LONGEST).strip()
