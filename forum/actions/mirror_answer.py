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
from forum.outbox.making import retract
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
    acceptance_id: int
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
        text = order.text or compose(order.words, network)
        if order.claim.read_back and (found := network.find_reply(order.mention, text, order.key)) is not None:
            return _settle_sent(sessions, order, outside, found)
    except CannotTell as error:
        return _settle(sessions, order, outside, State.PARKED, words=str(error) or None)
    except NetworkError as error:
        return _settle_unread(sessions, order, outside, error)
    except ForumError as error:  # the credentials cannot be opened: a person has to look
        state = State.PARKED if order.claim.read_back else State.FAILED
        return _settle(sessions, order, outside, state, words=str(error))
    return _send(sessions, order, outside, network, text)


def answer_words(post: Post, author: Account | None, mention: Mention, outside: Outside) -> AnswerWords:
    """What the reply says: the answer in short, who gave it, and where the whole of it stands."""
    return AnswerWords(
        body=post.summary or post.plain,
        credit=_credit(post, author, mention.language, outside),
        link=f"{outside.public_url}/threads/{post.thread_id}",
    )


def _credit(post: Post, author: Account | None, language: str | None, outside: Outside) -> str:
    """Nobody is named who is erased, or of whom no name is known."""
    name, site = author.display_name if author else post.origin_author, outside.site_name
    if not name or (author is not None and author.closed_at is not None):
        return site
    if author is not None and author.superfan_since is not None and not author.is_staff:
        return outside.say(Message("%(name)s, superfan at %(site)s", {"name": name, "site": site}), language)
    return outside.say(Message("%(name)s at %(site)s", {"name": name, "site": site}), language)


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
        if connection.paused_at is not None:
            claiming.put_back(session, claim, now)
            return None
        return _Order(
            claim=claim,
            acceptance_id=acceptance.id,
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


def _send(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, network: Network, text: str
) -> State | None:
    """It surely does not stand yet, so what fails from here on is judged by its own error."""
    if not order.wanted:
        return _settle(sessions, order, outside, State.CANCELLED)
    try:
        if (reason := network.why_not(order.mention)) is not None:
            return _settle(sessions, order, outside, State.FAILED, words=str(reason))
        wanted = _begin(sessions, order, outside, text)
        if wanted is None:
            return None
        if not wanted:
            return _settle(sessions, order, outside, State.CANCELLED)
        return _settle_sent(sessions, order, outside, network.reply(order.mention, text, order.key))
    except NetworkError as error:
        return _settle_unsent(sessions, order, outside, error)


def _begin(sessions: sessionmaker[Session], order: _Order, outside: Outside, text: str) -> bool | None:
    """Look once more, just before sending: whether the reply is wanted still, None where it is not ours to send now.

    The words are kept before they leave, so that a second attempt sends and looks for the same.
    """
    with writing(), sessions.begin() as session:
        if not claiming.renew(session, order.claim, outside.clock(), text=text):
            return None
        return session.get_one(Acceptance, order.acceptance_id).withdrawn_at is None


def _settle_sent(sessions: sessionmaker[Session], order: _Order, outside: Outside, sent: SentReply) -> State | None:
    now = outside.clock()
    facts = {"remote_id": sent.remote_id, "permalink": sent.permalink, "words": None}
    with writing(), sessions.begin() as session:
        if claiming.settle(session, order.claim, State.SENT, now, **facts):
            claiming.hasten_retraction(session, order.claim, now)
            return State.SENT
        if session.get_one(Acceptance, order.acceptance_id).withdrawn_at is not None:
            # We stalled past our lease, and the reply may have been given up before it came through after all.
            reply = session.get_one(Delivery, order.claim.delivery_id)
            session.add(retract(reply, order.connection.withdrawal, now, late=order.claim.fence))
    return None


def _settle_unread(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, error: NetworkError
) -> State | None:
    """Nothing was sent this time. An earlier attempt may stand all the same, and then only a person may give it up."""
    if error.permanent or order.attempts >= MOST_ATTEMPTS:
        state = State.PARKED if order.claim.read_back else State.FAILED
    else:
        state = State.UNCERTAIN if order.claim.read_back else State.WAITING
    return _settle_later(sessions, order, outside, state, error)


def _settle_unsent(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, error: NetworkError
) -> State | None:
    """Uncertain: read back soon. Permanent: a person looks. Otherwise it surely did not go out: wait and send again."""
    last = order.attempts >= MOST_ATTEMPTS
    if error.uncertain:
        state = State.PARKED if last else State.UNCERTAIN
    elif error.permanent or last:
        state = State.FAILED
    else:  # one that had to be read back once is read back each time, should a stalled worker send it yet
        state = State.UNCERTAIN if order.claim.read_back else State.WAITING
    return _settle_later(sessions, order, outside, state, error)


def _settle_later(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, state: State, error: NetworkError
) -> State | None:
    due = outside.clock() + (error.retry_after or pause_after(order.attempts))
    return _settle(sessions, order, outside, state, words=error.words, due_at=due)


def _settle(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, state: State, **facts: object
) -> State | None:
    now = outside.clock()
    with writing(), sessions.begin() as session:
        ours = claiming.settle(session, order.claim, state, now, **facts)
        if ours:
            claiming.hasten_retraction(session, order.claim, now)
    return state if ours else None
