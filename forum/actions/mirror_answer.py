"""Mirror an accepted answer to where it was asked: claim the delivery, call the network with no transaction open, settle.

Exactly one visible reply: what may have been sent already is read back before anything is sent, and an acceptance that
was withdrawn meanwhile is never mirrored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from forum.actions.open_network import OpenNetwork, reference
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.kernel.messages import Message
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.networks.port import CannotTell, MentionRef, Network, NetworkError, ReplyKey, SentReply
from forum.outbox import claiming
from forum.outbox.claiming import MOST_ATTEMPTS, Claim, pause_after
from forum.outbox.delivery import Delivery, State
from forum.outbox.wording import AnswerWords, word_reply
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

Say = Callable[[Message, str | None], str]  # a message in a language (BCP 47)


@dataclass(frozen=True)
class Outside:
    """What deliveries need from outside the database."""

    open_network: OpenNetwork
    say: Say
    public_url: str
    site_name: str
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class _Order:
    """A claimed reply, loaded whole, so that no transaction is open while the network is asked."""

    claim: Claim
    connection: Connection
    mention: MentionRef
    key: ReplyKey
    attempts: int
    wanted: bool  # the acceptance stands
    text: str | None
    words: AnswerWords


def mirror_answer(sessions: sessionmaker[Session], delivery_id: int, outside: Outside) -> State | None:
    """The state that the delivery is in afterwards; None where it was not ours to send."""
    order = _claim(sessions, delivery_id, outside)
    if order is None:
        return None
    try:
        network = outside.open_network(order.connection)
        text = order.text or _word(sessions, order, network)
        if order.claim.read_back:
            try:
                found = network.find_reply(order.mention, text, order.key)
            except CannotTell:
                return _settle(sessions, order, outside, State.PARKED)
            if found is not None:
                return _settle_sent(sessions, order, outside, found)
            # Surely absent, so this attempt starts afresh: what fails from here on is judged by its own error.
        if not order.wanted:
            return _settle(sessions, order, outside, State.CANCELLED)
        if (reason := network.why_not(order.mention)) is not None:
            return _settle(sessions, order, outside, State.FAILED, words=reason.text)
        return _settle_sent(sessions, order, outside, network.reply(order.mention, text, order.key))
    except NetworkError as error:
        return _settle_error(sessions, order, outside, error)
    except ForumError as error:  # the credentials cannot be opened: a person has to look
        return _settle(sessions, order, outside, State.FAILED, words=str(error))


def answer_words(post: Post, author: Account | None, mention: Mention, outside: Outside) -> AnswerWords:
    """What the reply says: the answer in short, who gave it, and where the whole of it stands."""
    name = author.display_name if author else (post.origin_author or outside.site_name)
    if author is not None and author.superfan_since is not None and not author.is_staff:
        credit = Message("%(name)s, superfan at %(site)s", {"name": name, "site": outside.site_name})
    else:
        credit = Message("%(name)s at %(site)s", {"name": name, "site": outside.site_name})
    return AnswerWords(
        body=post.summary or post.plain,
        credit=outside.say(credit, mention.language),
        link=f"{outside.public_url}/threads/{post.thread_id}",
    )


def compose(words: AnswerWords, network: Network) -> str:
    """The reply as the network will show it; the sender and the preview both ask here."""
    return word_reply(words, network.length, network.limits().maximum)


def _claim(sessions: sessionmaker[Session], delivery_id: int, outside: Outside) -> _Order | None:
    now = outside.clock()
    with writing(), sessions.begin() as session:
        claim = claiming.claim(session, delivery_id, now)
        if claim is None:
            return None
        delivery = session.get_one(Delivery, delivery_id)
        mention = session.get_one(Mention, delivery.mention_id)
        acceptance = session.get_one(Acceptance, delivery.acceptance_id)
        connection = session.get_one(Connection, mention.connection_id)
        if connection.paused_at is not None and not claim.read_back:
            later = now + claiming.LONGEST_PAUSE
            # Nothing was tried, so it counts as no attempt.
            claiming.settle(session, claim, State.WAITING, now, due_at=later, attempts=Delivery.attempts - 1)
            return None
        return _Order(
            claim=claim,
            connection=connection,
            mention=reference(mention),
            key=ReplyKey(delivery.key, delivery.made_at, delivery.id),
            attempts=delivery.attempts,
            wanted=acceptance.withdrawn_at is None,
            text=delivery.text,
            words=_words_of(session, acceptance, mention, outside),
        )


def _words_of(session: Session, acceptance: Acceptance, mention: Mention, outside: Outside) -> AnswerWords:
    post = session.get_one(Post, acceptance.post_id)
    author = session.get(Account, post.author_id) if post.author_id else None
    return answer_words(post, author, mention, outside)


def _word(sessions: sessionmaker[Session], order: _Order, network: Network) -> str:
    """Word the reply once and keep it before it is sent: a second attempt sends the same words."""
    text = compose(order.words, network)
    with writing(), sessions.begin() as session:
        session.get_one(Delivery, order.claim.delivery_id).text = text
    return text


def _settle_sent(sessions: sessionmaker[Session], order: _Order, outside: Outside, sent: SentReply) -> State | None:
    return _settle(sessions, order, outside, State.SENT, remote_id=sent.remote_id, permalink=sent.permalink, words=None)


def _settle_error(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, error: NetworkError
) -> State | None:
    """Permanent: a person looks. Uncertain: read back soon. Otherwise it surely did not go out: wait and send again."""
    now = outside.clock()
    if error.permanent and not error.uncertain:
        return _settle(sessions, order, outside, State.FAILED, words=error.words)
    if order.attempts >= MOST_ATTEMPTS:
        return _settle(sessions, order, outside, State.PARKED if error.uncertain else State.FAILED, words=error.words)
    due = now + (error.retry_after or pause_after(order.attempts))
    # A failed reading back says nothing of the earlier attempt, so that one stays uncertain.
    state = State.UNCERTAIN if error.uncertain or order.claim.read_back else State.WAITING
    return _settle(sessions, order, outside, state, words=error.words, due_at=due)


def _settle(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, state: State, **facts: object
) -> State | None:
    with writing(), sessions.begin() as session:
        ours = claiming.settle(session, order.claim, state, outside.clock(), **facts)
    return state if ours else None
