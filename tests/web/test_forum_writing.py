"""What people write on the forum's pages, with form posts alone: each outcome, and what is kept when it cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.give_kudos import give_kudos
from forum.actions.switch_sandbox import switch_sandbox
from forum.kernel.clock import utc_now
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxAccount, SandboxPost
from forum.threads.acceptance import Acceptance
from forum.threads.post import Comment, Kudos, Post, Revision
from forum.threads.thread import Follow, SameProblem, Thread
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Stage

# Writing


def test_a_reply_is_kept_once_and_shown(bob: FlaskClient, session: Session, thread: Thread) -> None:
    form = {"text": "Try **channel 36**.", "once": "a key"}
    for _time in range(2):
        done = bob.post(f"/threads/{thread.id}/posts", data=form)
        post = session.scalars(select(Post).where(Post.text == form["text"])).one()
        assert (done.status_code, done.location) == (303, f"/threads/{thread.id}-{thread.slug}#post-{post.id}")
    assert "<strong>channel 36</strong>" in bob.get(f"/threads/{thread.id}-{thread.slug}").text


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/threads/{thread}/posts", {"text": " ", "summary": "kept words"}),
        ("/threads/{thread}/posts", {"text": "kept words " * 2000}),
        ("/posts/{post}/comments", {"text": "kept words " * 60}),
        ("/posts/{post}/edit", {"text": "kept words " * 2000}),
        ("/ask", {"title": "kept words", "board": "wifi", "text": ""}),
        ("/ask", {"title": "kept words about it", "board": "none", "text": "kept words"}),
        ("/ask", {"title": "x", "board": "wifi", "text": "kept words"}),
        ("/ask", {"title": "A good title", "board": "wifi", "text": "kept words", "tags": "a,b,c,d,e,f"}),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_word_why(
    ada: FlaskClient, session: Session, thread: Thread, address: str, form: dict[str, str]
) -> None:
    thread.origin_network = "Sandbox"  # its form has a field more
    session.commit()
    question = session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number == 1)).one()
    before = session.scalar(select(func.count()).select_from(Post))
    session.rollback()
    wrong = ada.post(address.format(thread=thread.id, post=question), data=form)
    assert wrong.status_code == 422
    assert "kept words" in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert session.scalar(select(func.count()).select_from(Post)) == before
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


def test_asking_leads_to_the_new_thread(ada: FlaskClient, session: Session, thread: Thread) -> None:
    form = {
        "title": "The guest network is gone",
        "board": "wifi",
        "text": "Since today.",
        "tags": "guests，R6",
        "once": "k",
    }
    for _time in range(2):
        done = ada.post("/ask", data=form)
        made = session.scalars(select(Thread).where(Thread.title == form["title"])).one()
        assert (done.status_code, done.location) == (303, f"/threads/{made.id}-the-guest-network-is-gone")
    page = ada.get(done.location).text
    assert "/tags/guests" in page
    assert "/tags/r6" in page


def test_the_way_from_search_to_a_question_keeps_the_words(ada: FlaskClient, thread: Thread) -> None:
    assert 'value="guest network gone"' in ada.get("/ask?title=guest+network+gone").text


def test_editing_keeps_the_history_and_moves_the_address(ada: FlaskClient, session: Session, thread: Thread) -> None:
    question = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()
    session.rollback()
    assert "Since the update." in ada.get(f"/posts/{question.id}/edit").text
    done = ada.post(
        f"/posts/{question.id}/edit", data={"text": "Since the update, on 5 GHz.", "title": "5 GHz drops at night"}
    )
    assert (done.status_code, done.location) == (303, f"/threads/{thread.id}-5-ghz-drops-at-night#post-{question.id}")
    session.rollback()
    assert session.scalars(select(Revision.title)).all() == ["My wifi drops every night"]
    assert "My wifi drops every night" in ada.get(f"/posts/{question.id}/history").text
    assert "edited" in ada.get(done.location).text


def test_kudos_are_given_and_taken_back(ada: FlaskClient, session: Session, thread: Thread) -> None:
    answer = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    session.rollback()
    assert ada.post(f"/posts/{answer.id}/kudos").status_code == 303
    assert 'aria-pressed="true"' in ada.get(f"/threads/{thread.id}-{thread.slug}").text
    assert ada.post(f"/posts/{answer.id}/kudos/end").status_code == 303
    assert ada.post(f"/posts/{answer.id}/kudos/end").status_code == 404


def test_kudos_older_than_a_day_stand_and_offer_no_way_back(
    ada: FlaskClient, session: Session, cast: Cast, thread: Thread
) -> None:
    answer = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    give_kudos(session, thread, answer, cast.ada, utc_now() - timedelta(days=2))
    session.commit()
    page = ada.get(f"/threads/{thread.id}-{thread.slug}").text
    assert f"/posts/{answer.id}/kudos/end" not in page
    assert f'action="/posts/{answer.id}/kudos"' not in page
    assert ada.post(f"/posts/{answer.id}/kudos/end").status_code == 409
    assert session.scalars(select(Kudos.taken_back_at)).one() is None


def test_nobody_thanks_themselves(ada: FlaskClient, session: Session, thread: Thread) -> None:
    question = session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number == 1)).one()
    session.rollback()
    assert ada.post(f"/posts/{question}/kudos").status_code == 409


def test_following_and_the_same_problem_are_said_and_unsaid(
    bob: FlaskClient, session: Session, cast: Cast, thread: Thread
) -> None:
    at = f"/threads/{thread.id}"
    for word, table in (("follow", Follow), ("same-problem", SameProblem)):
        mine = select(func.count()).select_from(table).where(table.account_id == cast.bob.id)
        for address, there in ((word, 1), (word, 1), (f"{word}/end", 0), (f"{word}/end", 0)):
            done = bob.post(f"{at}/{address}")
            assert (done.status_code, done.location) == (303, f"{at}-{thread.slug}")
            session.rollback()
            assert session.scalar(mine) == there


def test_a_comment_stands_under_its_post(bob: FlaskClient, session: Session, thread: Thread) -> None:
    answer = session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number == 2)).one()
    session.rollback()
    assert bob.get(f"/posts/{answer}/comments/new").status_code == 200
    for _time in range(2):
        assert bob.post(f"/posts/{answer}/comments", data={"text": "Works here too.", "once": "k"}).status_code == 303
    assert bob.get(f"/threads/{thread.id}-{thread.slug}").text.count("Works here too.") == 1


# Accepting


def test_the_asker_accepts_and_takes_it_back(ada: FlaskClient, session: Session, thread: Thread) -> None:
    answer = session.scalars(select(Post.id).where(Post.thread_id == thread.id, Post.number == 2)).one()
    session.rollback()
    done = ada.post(f"/threads/{thread.id}/acceptance", data={"post": answer})
    assert (done.status_code, done.location) == (303, f"/threads/{thread.id}-{thread.slug}#accepted-answer")
    assert "Not solved after all" in ada.get(f"/threads/{thread.id}-{thread.slug}").text
    assert ada.post(f"/threads/{thread.id}/acceptance/withdrawal", data={"why": "It came back."}).status_code == 303
    session.rollback()
    assert session.scalars(select(Acceptance.withdrawn_at)).one() is not None


@pytest.mark.parametrize(
    ("who", "accept", "instead"),
    [("ada", True, True), ("ann", True, True), ("max", True, True), ("cleo", True, True), ("fay", False, False), ("sue", True, False),
     ("mallory", False, False)],
)  # fmt: skip
def test_who_is_offered_to_accept(
    app: Flask,
    sign_in_as: SignInAs,
    stage: Stage,
    session: Session,
    cast: Cast,
    thread: Thread,
    who: str,
    accept: bool,
    instead: bool,
) -> None:
    """Sue is a superfan: she may accept Bob's answer, but not put it in the place of one that another accepted."""
    first = stage.answer(thread, cast.bob, "Bob's.")
    second = stage.answer(thread, cast.bob, "Bob's other.")
    session.commit()
    client = sign_in_as(app.test_client(), getattr(cast, who))
    offer = f'name="post" value="{first.id}"'
    page = f"/threads/{thread.id}-{thread.slug}"
    assert (offer in client.get(page).text) is accept
    accept_answer(session, thread, second, cast.ada, now=utc_now())
    session.commit()
    assert (offer in client.get(page).text) is instead
    assert f'name="post" value="{second.id}"' not in client.get(page).text


@pytest.mark.parametrize(
    ("address", "form"),
    [("/threads/{thread}/acceptance", {"post": "{answer}"}), ("/threads/{thread}/acceptance/withdrawal", {}), ("/threads/{thread}/word", {}),
     ("/posts/{answer}/edit", {"text": "Mine now."})],
)  # fmt: skip
def test_a_stranger_may_not(
    app: Flask, sign_in_as: SignInAs, session: Session, cast: Cast, thread: Thread, address: str, form: dict[str, str]
) -> None:
    answer = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    if "withdrawal" in address:
        accept_answer(session, thread, answer, cast.ada, now=utc_now())
    session.commit()
    mallory = sign_in_as(app.test_client(), cast.mallory)
    ids = {"thread": thread.id, "answer": answer.id}
    told = mallory.post(address.format(**ids), data={key: value.format(**ids) for key, value in form.items()})
    assert told.status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/ask", "/threads/{thread}/posts", "/threads/{thread}/follow", "/threads/{thread}/same-problem", "/posts/{thread}/kudos",
     "/posts/{thread}/comments", "/posts/{thread}/edit", "/threads/{thread}/acceptance", "/sandbox/posts"],
)  # fmt: skip
def test_a_visitor_is_asked_to_sign_in_and_keeps_the_text(client: FlaskClient, thread: Thread, address: str) -> None:
    told = client.post(address.format(thread=thread.id), data={"text": "Words not to lose."})
    assert told.status_code == 401
    assert "Words not to lose." in told.text


def test_from_another_site_nothing_is_written(bob: FlaskClient, session: Session, thread: Thread) -> None:
    told = bob.post(f"/threads/{thread.id}/posts", data={"text": "Hi"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert told.status_code == 403
    assert session.scalar(select(func.count()).select_from(Post)) == 2


def test_a_locked_thread_takes_nothing(bob: FlaskClient, session: Session, thread: Thread) -> None:
    thread.locked_at = utc_now()
    session.commit()
    assert bob.post(f"/threads/{thread.id}/posts", data={"text": "Late."}).status_code == 409
    assert "This thread is locked" in bob.get(f"/threads/{thread.id}-{thread.slug}").text


def test_twenty_posts_a_minute_are_enough(bob: FlaskClient, session: Session, thread: Thread) -> None:
    told = [
        bob.post(f"/threads/{thread.id}/posts", data={"text": f"And {number}."}).status_code for number in range(21)
    ]
    assert told == [303] * 20 + [429]
    assert session.scalar(select(func.count()).select_from(Post)) == 22


# The sandbox


@pytest.fixture
def kim(session: Session) -> SandboxAccount:
    """A customer on the sandbox, and beside her the brand."""
    account = SandboxAccount(handle="kim", name="Kim")
    session.add_all([account, SandboxAccount(handle="routerly", name="Routerly", is_brand=True)])
    session.commit()
    return account


def test_a_customers_post_opens_a_conversation(bob: FlaskClient, session: Session, kim: SandboxAccount) -> None:
    done = bob.post("/sandbox/posts", data={"author": "kim", "text": "@routerly no wifi"})
    post = session.scalars(select(SandboxPost)).one()
    assert (done.status_code, done.location) == (303, f"/sandbox/posts/{post.id}#post-{post.id}")
    assert "no wifi" in bob.get("/sandbox").text
    under = bob.post("/sandbox/posts", data={"author": "kim", "text": "still none", "under": post.id})
    assert under.location.startswith(f"/sandbox/posts/{post.id}#post-")
    assert "still none" in bob.get(f"/sandbox/posts/{post.id}").text
    assert bob.get(f"/sandbox/posts/{post.id + 1}").location == under.location


@pytest.mark.parametrize(
    "form", [{"author": "kim", "text": " "}, {"author": "routerly", "text": "kept words"}, {"author": "nobody", "text": "kept words"},
             {"author": "kim", "text": "kept words " * 60}],
)  # fmt: skip
def test_what_the_sandbox_cannot_post_comes_back(
    bob: FlaskClient, session: Session, kim: SandboxAccount, form: dict[str, str]
) -> None:
    wrong = bob.post("/sandbox/posts", data=form)
    assert wrong.status_code == 422
    assert form["text"].strip()[:10] in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert session.scalars(select(SandboxPost)).all() == []


def test_a_customer_takes_a_post_back_and_the_brands_stay(
    bob: FlaskClient, session: Session, kim: SandboxAccount
) -> None:
    root = posting.post(session, kim, "@routerly no wifi", None, utc_now())
    brand = session.scalars(select(SandboxAccount).where(SandboxAccount.is_brand)).one()
    reply = posting.post(session, brand, "Channel 36.", root, utc_now())
    session.commit()
    assert bob.post(f"/sandbox/posts/{reply.id}/removal").status_code == 404
    gone = bob.post(f"/sandbox/posts/{root.id}/removal")
    assert (gone.status_code, gone.location) == (303, "/sandbox")
    page = bob.get(f"/sandbox/posts/{root.id}").text
    assert "This post was deleted" in page
    assert "Channel 36." in page


def test_a_sandbox_that_is_switched_off_is_not_there(
    bob: FlaskClient, session: Session, cast: Cast, kim: SandboxAccount
) -> None:
    switch_sandbox(session, cast.max, on=False, now=utc_now())
    session.commit()
    assert bob.get("/sandbox").status_code == 404
    assert bob.post("/sandbox/posts", data={"author": "kim", "text": "wifi"}).status_code == 404
