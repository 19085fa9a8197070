"""Retract a mirrored reply whose acceptance was withdrawn: deleted, corrected by a follow-up or left, as the policy says.

Where the reply itself is still sending or uncertain, that is settled first: what stands is taken away, what surely does
not stand needs nothing. A reply that was not cleanly settled is looked at once more later, should a stalled worker
have sent it after all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from forum.actions.mirror_answer import Outside
from forum.actions.open_network import reference
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.kernel.messages import Message
from forum.listening.connection import Connection, Withdrawal
from forum.listening.mention import Mention
from forum.networks.port import CannotTell, MentionRef, Network, NetworkError, ReplyKey, SentReply
from forum.outbox import claiming
from forum.outbox.claiming import MOST_ATTEMPTS, Claim, pause_after
from forum.outbox.delivery import LEASE, Delivery, State

LOOK_AGAIN_AFTER = LEASE * 2


@dataclass(frozen=True)
class _Order:
    claim: Claim
    connection: Connection
    mention: MentionRef
    policy: str
    attempts: int
    looked_already: bool
    reply_id: int
    reply_key: ReplyKey
    reply_state: str
    reply_due: datetime | None  # while somebody else may still be sending it
    reply_text: str
    sent: SentReply | None
    own_key: ReplyKey
    correction: str


def retract_reply(sessions: sessionmaker[Session], delivery_id: int, outside: Outside) -> State | None:
    """The state that the retraction is in afterwards; None where it was not ours to do."""
    order = _claim(sessions, delivery_id, outside)
    if order is None:
        return None
    if order.reply_due is not None:
        return _settle(sessions, order, outside, State.WAITING, due_at=order.reply_due + timedelta(seconds=1))
    try:
        network = outside.open_network(order.connection)
        standing = _standing(network, order)
        if standing is not None:
            _take_away(network, order, standing)
        _settle_reply(sessions, order, outside, standing)
        if order.reply_state != State.SENT and not order.looked_already:
            return _look_again(sessions, order, outside)
        return _settle(sessions, order, outside, State.SENT, words=None)
    except CannotTell as error:
        return _settle(sessions, order, outside, State.PARKED, words=str(error) or None)
    except NetworkError as error:
        return _settle_error(sessions, order, outside, error)
    except ForumError as error:
        return _settle(sessions, order, outside, State.FAILED, words=str(error))


def _claim(sessions: sessionmaker[Session], delivery_id: int, outside: Outside) -> _Order | None:
    now = outside.clock()
    with writing(), sessions.begin() as session:
        claim = claiming.claim(session, delivery_id, now)
        if claim is None:
            return None
        retraction = session.get_one(Delivery, delivery_id)
        reply = session.get_one(Delivery, retraction.of_id)
        mention = session.get_one(Mention, reply.mention_id)
        connection = session.get_one(Connection, mention.connection_id)
        if connection.paused_at is not None:
            claiming.put_back(session, claim, now)
            return None
        busy = reply.state == State.SENDING and reply.lease_until is not None and reply.lease_until >= now
        sorry = Message("We are looking into this again: the answer above may not solve it. %(link)s")
        link = f"{outside.public_url}/threads/{reply.thread_id}"
        return _Order(
            claim=claim,
            connection=connection,
            mention=reference(mention),
            policy=retraction.payload["policy"],
            attempts=retraction.attempts,
            looked_already=bool(retraction.payload.get("look_again")),
            reply_id=reply.id,
            reply_key=ReplyKey(reply.key, reply.made_at, reply.id),
            reply_state=reply.state,
            reply_due=reply.lease_until if busy else None,
            reply_text=reply.text or "",
            sent=SentReply(reply.remote_id, reply.permalink or "") if reply.remote_id else None,
            own_key=ReplyKey(retraction.key, retraction.made_at, retraction.id),
            correction=outside.say(Message(sorry.text, {"link": link}), mention.language),
        )


def _standing(network: Network, order: _Order) -> SentReply | None:
    """The reply as it stands; raises CannotTell. One that was cleanly settled as sent need not be looked for."""
    if order.sent is not None and order.reply_state == State.SENT and not order.looked_already:
        return order.sent
    return network.find_reply(order.mention, order.reply_text, order.reply_key)


def _take_away(network: Network, order: _Order, standing: SentReply) -> None:
    if order.policy == Withdrawal.DELETE:
        network.delete(standing)
    elif order.policy == Withdrawal.CORRECT and not _corrected(network, order):
        network.reply(order.mention, order.correction, order.own_key)


def _corrected(network: Network, order: _Order) -> bool:
    """Whether an earlier attempt's correction stands already."""
    if not order.claim.read_back and not order.looked_already:
        return False
    return network.find_reply(order.mention, order.correction, order.own_key) is not None


def _settle_reply(sessions: sessionmaker[Session], order: _Order, outside: Outside, standing: SentReply | None) -> None:
    """Write down what became of the reply itself, where nobody had settled it."""
    if order.reply_state in {State.SENT, State.CANCELLED}:
        return
    with writing(), sessions.begin() as session:
        reply = session.get_one(Delivery, order.reply_id, with_for_update=True)
        if reply.state == order.reply_state:
            reply.state = State.SENT if standing else State.CANCELLED
            reply.claim, reply.lease_until, reply.settled_at = None, None, outside.clock()
            if standing:
                reply.remote_id, reply.permalink = standing.remote_id, standing.permalink


def _look_again(sessions: sessionmaker[Session], order: _Order, outside: Outside) -> State | None:
    payload = {"policy": order.policy, "look_again": True}
    due = outside.clock() + LOOK_AGAIN_AFTER
    return _settle(sessions, order, outside, State.WAITING, payload=payload, due_at=due)


def _settle_error(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, error: NetworkError
) -> State | None:
    """Deleting twice is a success, so whatever is not refused for good is simply done again."""
    if (error.permanent and not error.uncertain) or order.attempts >= MOST_ATTEMPTS:
        return _settle(sessions, order, outside, State.FAILED, words=error.words)
    due = outside.clock() + (error.retry_after or pause_after(order.attempts))
    return _settle(sessions, order, outside, State.UNCERTAIN, words=error.words, due_at=due)


def _settle(
    sessions: sessionmaker[Session], order: _Order, outside: Outside, state: State, **facts: object
) -> State | None:
    with writing(), sessions.begin() as session:
        ours = claiming.settle(session, order.claim, state, outside.clock(), **facts)
    return state if ours else None
