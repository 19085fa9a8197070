"""Every event has a sentence, in which nothing is missing and nothing stands that may not be read."""

from __future__ import annotations

import pytest

from forum.kernel.messages import Message
from forum.notices.events import EVENTS
from forum.notices.wording import SENTENCES, Told, addition, place, quotation, sentence
from forum.wiring.translator import say

FULL = {
    "who": "Bob", "thread": "My wifi drops", "network": "Bluesky", "rank": "Guide", "badge": "First light",
    "metric": Message("Solutions"), "day": "December 6, 2026",
}  # fmt: skip


def told(event: str, **facts: object) -> Told:
    return Told(event, **{**FULL, **facts})  # type: ignore[arg-type]


def test_no_event_is_without_a_sentence() -> None:
    assert set(SENTENCES) == set(EVENTS)


@pytest.mark.parametrize("event", sorted(EVENTS))
@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_a_sentence_is_whole_with_all_facts_and_with_none(event: str, language: str) -> None:
    for one in (told(event), Told(event), told(event, others=1), told(event, others=12, details={"number": 3})):
        words = say(sentence(one), language)
        assert words.strip()
        assert "%(" not in words and "None" not in words
        assert not words.endswith((".", "。"))


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_of_a_thread_that_may_not_be_read_nothing_is_said(event: str) -> None:
    hidden = told(event, may_read=False, details={"reasons": ["tag:secret"]})
    assert "wifi" not in str(sentence(hidden))
    assert addition(hidden) is None
    assert "/posts/" not in place(hidden, thread_id=3, post_id=4, own_name="ada")


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (0, "Bob gave kudos to your post in “My wifi drops”"),
        (1, "Bob and one other gave kudos to your post in “My wifi drops”"),
        (2, "Bob and 2 others gave kudos to your post in “My wifi drops”"),
    ],
)
def test_thanks_are_gathered(others: int, words: str) -> None:
    assert str(sentence(told("thanked", others=others))) == words


def test_what_a_rank_a_badge_and_a_question_in_ones_field_say() -> None:
    near = told("rank_near", details={"rank": 2, "metric": "solutions_90d", "missing": 3})
    assert str(sentence(near)) == "Your next rank is near: Guide"
    assert say(addition(near) or Message(""), "en") == "Solutions: 3 to go"
    assert str(sentence(told("rank_fallen", rank=None))) == "You hold no rank for now"
    assert str(sentence(told("badge", details={"badge": 1, "number": 1}))) == "You earned a badge: First light"
    assert "number 5" in str(sentence(told("badge", details={"badge": 1, "number": 5})))
    wanted = told("help_wanted", details={"reasons": ["board:3", "tag:mesh", "product:R7 Pro", "newcomer"]})
    assert str(addition(wanted)) == "You know about: mesh, R7 Pro"
    assert addition(told("help_wanted", details={"reasons": ["board:3"]})) is None


def test_staffs_own_words_are_quoted_as_they_are() -> None:
    assert quotation(told("reply_declined", details={"why": "100 % wrong model"})) == "100 % wrong model"
    assert quotation(told("staff_thanks", details={"reason": "For the guide."})) == "For the guide."
    assert quotation(told("answered", details={"why": "x", "reason": "y"})) == ""


@pytest.mark.parametrize("step", ["joined", "promoted", "paused", "resumed", "ended"])
def test_each_step_of_the_programme_has_words_of_its_own(step: str) -> None:
    assert sentence(told("programme", details={"step": step})) != EVENTS["programme"].title


def test_where_a_notice_leads() -> None:
    def path(event: str, thread: int | None = None, post: int | None = None, **details: object) -> str:
        return place(told(event, details=details), thread_id=thread, post_id=post, own_name="ada")

    assert path("answered", 3, 4) == "/posts/4"
    assert path("help_wanted", 3) == "/threads/3"
    assert path("rank_risen") == "/people/ada"
    assert path("rank_near") == path("rank_falling") == "/ranks"  # where it stands what is missing
    assert path("programme") == path("staff_thanks") == "/programme"
    assert path("reply_waiting", 3) == "/staff/replies"
    assert path("help_wanted", 3, path="/threads/3?help=1#answer") == "/threads/3?help=1#answer"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_no_notice_leads_out_of_the_site(elsewhere: str) -> None:
    assert place(told("answered", details={"path": elsewhere}), thread_id=3, post_id=4, own_name="ada") == "/posts/4"
