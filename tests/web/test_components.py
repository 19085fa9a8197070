"""Macros as pages use them: they escape what people wrote, tie errors to their fields and say what a state is in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string

AT = datetime.now(UTC) - timedelta(hours=2)
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def thread(**changes: Any) -> SimpleNamespace:
    row = {
        "id": 7, "title": "Wi-Fi drops", "slug": "wi-fi-drops", "board_name": "Wi-Fi", "board_slug": "wifi", "author_name": "Mira",
        "network": None, "state": "open", "replies": 1, "kudos": 2, "created_at": AT, "last_post_at": None, "solved_at": None,
        "seconds_to_solve": None,
    }  # fmt: skip
    return SimpleNamespace(**{**row, **changes})


def delivery(**changes: Any) -> SimpleNamespace:
    row = {
        "state": "sent",
        "recipient": "@mira",
        "others": 0,
        "networks": ["Bluesky"],
        "at": AT,
        "href": None,
        "reason": None,
    }
    return SimpleNamespace(**{**row, **changes})


def render(source: str, **names: Any) -> str:
    return re.sub(r"\s+", " ", render_template_string(source, **names))


def row(**changes: Any) -> str:
    return render('{% from "components/threads.html" import thread_row %}{{ thread_row(t) }}', t=thread(**changes))


def trail(**changes: Any) -> str:
    return render('{% from "components/posts.html" import trail %}{{ trail(d) }}', d=delivery(**changes))


def test_a_row_leads_to_its_thread(page: None) -> None:
    assert 'href="/threads/7-wi-fi-drops"' in row()


def test_a_row_says_its_state_in_words(page: None) -> None:
    assert "Open</span>" in row()
    assert "Waiting 2 hr</span>" in row(state="waiting")
    solved = row(state="solved", seconds_to_solve=2520, network="Bluesky")
    assert "Solved</span>" in solved
    assert "42 min to solve" in solved
    assert "Mira, from Bluesky" in solved


def test_what_people_wrote_is_escaped(page: None) -> None:
    assert "<img" not in row(title=EVIL, author_name=EVIL, board_name=EVIL, network=EVIL)
    assert "<img" not in trail(recipient=EVIL, networks=[EVIL, EVIL], reason=EVIL)
    field = '{% from "components/forms.html" import field %}{{ field("a", e, e, hint=e, errors=[e], placeholder=e) }}'
    assert "<img" not in render(field, e=EVIL)


@pytest.mark.parametrize(
    ("state", "words", "pending"),
    [
        ("waiting", "shortly", True),
        ("sending", "Being sent", True),
        ("uncertain", "looking for the reply", True),
        ("sent", "Sent to", False),
        ("failed", "Could not be sent", False),
        ("blocked", "approval", False),
        ("deleted", "Taken back", False),
    ],
)
def test_a_trail_says_where_the_answer_is_and_whether_to_look_again(
    page: None, state: str, words: str, pending: bool
) -> None:
    shown = trail(state=state)
    assert words in shown
    assert ("data-pending" in shown) is pending


def test_a_trail_counts_the_others_who_asked(page: None) -> None:
    assert "<b>@mira</b> and <b>11 others who asked</b> on Bluesky and X" in trail(others=11, networks=["Bluesky", "X"])


def test_a_field_is_tied_to_its_hint_and_error(page: None) -> None:
    shown = render(
        '{% from "components/forms.html" import field %}'
        '{{ field("title", "Title", none, hint="Short.", errors=["Too short."], required=true, maxlength=120) }}'
    )
    assert '<label for="title">Title</label>' in shown
    assert 'required aria-invalid="true" aria-describedby="title-hint title-error"' in shown
    assert 'id="title-hint"' in shown
    assert 'id="title-error"' in shown
    assert 'maxlength="120"' in shown
    assert 'value=""' in shown


def test_an_editor_gives_back_the_text_as_it_was_typed(page: None) -> None:
    shown = render_template_string(
        '{% from "components/forms.html" import editor %}{{ editor("body", "Body", text) }}', text="\n\n  <b>one\ntwo"
    )
    assert ">\n\n\n  &lt;b&gt;one\ntwo</textarea>" in shown


def test_the_error_summary_leads_to_each_field(page: None) -> None:
    source = '{% from "components/forms.html" import form_errors %}{{ form_errors(errors) }}'
    shown = render(source, errors={"title": ["Say it."], "body": "Tell it."})
    assert "2 things need your attention" in shown
    assert '<a class="link" href="#title">Say it.</a>' in shown
    assert '<a class="link" href="#body">Tell it.</a>' in shown
    assert render(source, errors={}).strip() == ""


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_an_error_page_says_what_happened_and_leads_on(page: None, status: int) -> None:
    shown = render('{% include "errors/error.html" %}', code=status, sentence="The rule's own words.")
    assert f'<span class="code">{status}</span>' in shown
    assert "The rule&#39;s own words." in shown
    assert 'href="/"' in shown
    assert ("our mistake" in render('{% include "errors/error.html" %}', code=status)) is (status == 500)


@pytest.mark.parametrize(("accepts", "lang"), [("en", "en"), ("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant")])
def test_a_page_names_its_language(app: Flask, accepts: str, lang: str) -> None:
    shown = app.test_client().get("/no-such-page", headers={"Accept-Language": accepts}).text
    assert f'<html lang="{lang}">' in shown
    assert f'lang="{lang}" aria-current="true"' in shown
