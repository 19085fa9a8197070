"""An analyst's way with a contact file: upload, look, correct, confirm, withdraw; each step without JavaScript."""

from __future__ import annotations

import gzip
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from forum.actions.import_contacts import Importing, import_waiting_contacts
from forum.actions.receive_contact_file import forget_old_previews
from forum.kernel.clock import utc_now
from forum.kernel.database import writing
from forum.ledger.contact import Contact, ContactFile, ContactMapping, FileState
from forum.moderation.log import LogEntry
from forum.web import contacts as pages
from tests.application import QuietParts, SignInAs
from tests.cast import Cast

AT = "/reports/deflection/contacts"
CLEAR = (
    "Ticket,Date,Channel,Customer number,Email\n"
    "T-1,2026-03-04 10:00,Phone,K-1,ada@example.com\n"
    "T-2,2026-03-05 11:00,Pigeon,K-2,\n"
    "T-3,when?,Phone,K-3,\n"
)
AMBIGUOUS = "id,date,email\n1,03/04/2026 10:00,ada@example.com\n"


@pytest.fixture
def fay(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.fay)


def upload(client: FlaskClient, content: str | bytes, name: str = "march.csv") -> TestResponse:
    body = content if isinstance(content, bytes) else content.encode()
    return client.post(AT, data={"file": (io.BytesIO(body), name)}, content_type="multipart/form-data")


def the_file(session: Session) -> ContactFile:
    session.rollback()
    return session.scalars(select(ContactFile).order_by(ContactFile.id.desc()).limit(1)).one()


def fields_of(page: TestResponse) -> dict[str, str]:
    """What the browser would send if nothing were changed."""
    form = page.text[page.text.index('<form method="post" action="/reports') : page.text.index("Import these contacts")]
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    found.pop("covers", None)
    found.pop("complete_days", None)
    for name, choices in re.findall(r'<select[^>]*?name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', choices)
        first = re.search(r'value="([^"]*)"', choices)
        found[name] = (chosen or first).group(1)  # type: ignore[union-attr]
    return found


def test_a_file_is_looked_at_confirmed_imported_and_withdrawn(
    fay: FlaskClient, session: Session, parts: QuietParts
) -> None:
    answer = upload(fay, CLEAR)
    assert answer.status_code == 303
    file = the_file(session)
    page = fay.get(answer.location)
    assert page.status_code == 200
    assert "This word is not matched to a channel yet." in page.text
    assert "This is no date in the order that was chosen." in page.text
    assert "T-1" in page.text
    assert (file.state, session.scalar(select(func.count()).select_from(Contact))) == (FileState.PREVIEWED, 0)

    form = {**fields_of(page), "source": "Genesys", "channel-2": "store"}
    assert form["word-2"] == "pigeon"
    changed = fay.post(f"{AT}/{file.id}/confirmation", data=form)
    assert changed.location == f"{AT}/{file.id}#rows"  # it is read another way now: look again
    page = fay.get(f"{AT}/{file.id}")
    assert "This word is not matched" not in page.text
    assert 'value="genesys"' in page.text

    form = {**fields_of(page), "covers": "yes"}
    assert (form["covers_from"], form["covers_until"]) == ("2026-03-04", "2026-03-05")  # prefilled, but not confirmed
    confirmed = fay.post(f"{AT}/{file.id}/confirmation", data=form)
    assert confirmed.status_code == 303, confirmed.text
    assert ("import_contacts_due", ()) in parts.bell.rung
    assert "Being imported" in fay.get(f"{AT}/{file.id}").text
    tools = Importing(parts.sessions, parts.contact_keys, parts.settings.time_zone, parts.clock)
    for _ in range(2):
        import_waiting_contacts(tools)
    file = the_file(session)
    assert (file.state, file.read, file.taken, file.refused, file.body) == (FileState.IMPORTED, 4, 2, 1, None)
    assert (file.covers_from, file.covers_until) == (datetime(2026, 3, 4).date(), datetime(2026, 3, 5).date())  # noqa: DTZ001
    page = fay.get(f"{AT}/{file.id}")
    assert "This is no date in the order that was chosen." in page.text
    assert "when?" not in page.text

    assert fay.post(f"{AT}/{file.id}/withdrawal").status_code == 303
    assert the_file(session).state == FileState.WITHDRAWN
    assert fay.post(f"{AT}/{file.id}/withdrawal").status_code == 303  # twice is once
    acts = session.scalars(select(LogEntry.details).where(LogEntry.about == f"contact_file:{file.id}")).all()
    assert [act["what"] for act in acts] == ["received", "confirmed", "withdrawn"]


def test_what_is_ambiguous_has_to_be_chosen(fay: FlaskClient, session: Session) -> None:
    upload(fay, AMBIGUOUS)
    at = f"{AT}/{the_file(session).id}"
    page = fay.get(at)
    assert "Please choose how days are written: the file alone does not tell." in page.text
    assert "03/04/2026 10:00" in page.text  # as it stands in the file
    form = {**fields_of(page), "source": "genesys", "zone": "europe/berlin"}
    refused = fay.post(f"{at}/confirmation", data=form)
    assert refused.status_code == 422
    assert 'value="genesys"' in refused.text
    assert fay.post(at, data={**form, "order": "dmy"}).status_code == 303
    page = fay.get(at)
    assert "Apr 3, 2026, 8:00" in page.text.replace("\u202f", " ")  # Berlin's ten o'clock, in UTC
    assert fields_of(page)["zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": ""}, "Please name the system that these contacts come from"),
        ({"source": "x" * 61}, "Please name the system that these contacts come from"),
        ({"column-happened_at": ""}, "Please choose the column that says when a contact happened."),
        ({"column-customer": "", "column-email": ""}, "Please choose the customer"),
        ({"column-customer": "1"}, "Two meanings share one column."),
        ({"zone": "Mars/Olympus"}, "There is no time zone of this name."),
        ({"column-channel": "", "channel": ""}, "Please choose a channel."),
        ({"covers": "yes", "covers_from": "2026-03-09"}, "The last day lies before the first."),
        ({"covers": "yes", "covers_from": "soon"}, "Please enter the first and the last day that are complete."),
        ({"covers": "yes", "covers_until": "2999-01-01"}, "A day is complete when it is over"),
        ({"covers": "yes", "covers_from": "1999-01-01"}, "Please confirm at most three years at once."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    fay: FlaskClient, session: Session, change: dict[str, str], sentence: str
) -> None:
    upload(fay, CLEAR)
    at = f"{AT}/{the_file(session).id}"
    form = {**fields_of(fay.get(at)), "source": "genesys", **change}
    refused = fay.post(f"{at}/confirmation", data=form)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert the_file(session).state == FileState.PREVIEWED
    for name in ("zone", "covers_until"):
        assert f'value="{form[name]}"' in refused.text


def test_the_next_file_of_a_source_is_read_as_the_last_one_was(fay: FlaskClient, session: Session) -> None:
    upload(fay, AMBIGUOUS)
    at = f"{AT}/{the_file(session).id}"
    fay.post(at, data={**fields_of(fay.get(at)), "order": "mdy", "source": "genesys"})
    assert fay.post(f"{at}/confirmation", data=fields_of(fay.get(at))).status_code == 303
    session.rollback()
    assert session.get(ContactMapping, "genesys") is not None
    upload(fay, AMBIGUOUS.replace("10:00", "11:00"))
    form = fields_of(fay.get(f"{AT}/{the_file(session).id}"))
    assert (form["order"], form["source"]) == ("mdy", "genesys")


def test_the_same_file_twice_is_said(fay: FlaskClient, session: Session) -> None:
    upload(fay, CLEAR)
    first = the_file(session).id
    upload(fay, gzip.compress(CLEAR.encode()), "again.csv.gz")
    page = fay.get(f"{AT}/{the_file(session).id}")
    assert "The very same file came before" in page.text
    assert f'href="{AT}/{first}"' in page.text


def test_a_file_is_given_up_by_hand_or_after_a_week(fay: FlaskClient, session: Session) -> None:
    upload(fay, CLEAR)
    at = f"{AT}/{the_file(session).id}"
    assert fay.post(f"{at}/giving-up").status_code == 303
    assert (the_file(session).body, the_file(session).state) == (None, FileState.REFUSED)
    assert fay.post(f"{at}/giving-up").status_code == 409
    assert fay.post(at, data={}).status_code == 409
    assert fay.post(f"{at}/confirmation", data={"source": "x"}).status_code in (409, 422)
    assert "Given up before it was imported." in fay.get(at).text
    upload(fay, CLEAR)
    session.rollback()
    with writing():
        assert forget_old_previews(session, utc_now() + timedelta(days=6)) == 0
        assert forget_old_previews(session, utc_now() + timedelta(days=8)) == 1
        session.commit()
    assert the_file(session).body is None


def test_another_separator_reads_the_columns_anew(fay: FlaskClient, session: Session) -> None:
    upload(fay, "id;date;email\n1;2026-03-04 10:00;ada@example.com\n")
    at = f"{AT}/{the_file(session).id}"
    form = fields_of(fay.get(at))
    assert form["separator"] == ";"
    fay.post(at, data={**form, "separator": ","})
    assert "id;date;email" in fay.get(at).text
    fay.post(at, data={**form, "separator": ";", "head": "no"})
    assert fields_of(fay.get(at))["head"] == "no"


@pytest.mark.parametrize("sent", [{}, {"file": (io.BytesIO(b""), "")}, {"file": (io.BytesIO(b""), "empty.csv")}])
def test_no_file_or_an_empty_one_is_refused(fay: FlaskClient, sent: dict[str, object]) -> None:
    assert fay.post(AT, data=sent, content_type="multipart/form-data").status_code == 422


def test_this_page_alone_takes_large_forms(fay: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"T-{n},2026-03-04 10:00,Phone,K-{n},\n" for n in range(10_000))
    assert 300_000 < len(rows) < 500_000  # bytes; beyond, the test client leaves a file open
    assert upload(fay, CLEAR + rows).status_code == 303
    monkeypatch.setattr(pages, "LARGEST", 300 * 1024)
    refused = upload(fay, CLEAR + rows)
    assert refused.status_code == 413
    assert "A file can have up to 50 MB." in refused.text
    assert fay.post("/account/profile", data={"bio": "x" * 300_000}).status_code == 413


def test_what_stands_in_a_file_is_shown_as_text(fay: FlaskClient, session: Session) -> None:
    upload(fay, 'id,date,email,"<script>alert(1)</script>"\n"<img src=x>",2026-03-04,"=cmd|x@y",\n', "<b>.csv")
    page = fay.get(f"{AT}/{the_file(session).id}")
    assert "<script>alert" not in page.text and "<img src=x>" not in page.text and "<b>.csv" not in page.text
    assert "&lt;img src=x&gt;" in page.text


def test_the_list_needs_the_same_queries_whatever_has_come(
    app: Flask, fay: FlaskClient, session: Session, cast: Cast
) -> None:
    from forum.web.extensions import db

    def queries() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
        assert fay.get(AT).status_code == 200
        return len(seen)

    few = queries()
    session.add_all(
        ContactFile(name=f"{n}.csv", source="g", arrived_by="folder", sha256="0", state=FileState.IMPORTED, mapping={},
                    problems=[], by_id=cast.fay.id, arrived_at=datetime(2026, 3, 1, tzinfo=UTC))
        for n in range(60)
    )  # fmt: skip
    session.commit()
    assert "before=" in fay.get(AT).text
    assert queries() - few <= few  # the second count hears each statement twice


def test_it_speaks_chinese_without_breaking(fay: FlaskClient, session: Session) -> None:
    upload(fay, CLEAR)
    for path in (AT, f"{AT}/{the_file(session).id}"):
        assert fay.get(path, headers={"Accept-Language": "zh-Hans"}).status_code == 200
