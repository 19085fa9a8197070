"""Preview a reply exactly as its network will show it: the same words and the same cut as when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.mirror_answer import Outside, answer_words, compose
from forum.kernel.errors import ForumError
from forum.kernel.messages import Message
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.networks.port import Network, NetworkError
from forum.outbox.delivery import Delivery
from forum.outbox.wording import AnswerWords, parts_of
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post


@dataclass(frozen=True)
class Draft:
    """A reply loaded whole, so that no transaction is open while its network is asked how long it may be."""

    delivery_id: int
    words: AnswerWords
    text: str | None  # worded already
    network: Network | None
    trouble: Message | str | None


@dataclass(frozen=True)
class Preview:
    """`trouble` says why there is no text: a rule's message, or the network's own words.

    `body` and `signature` are the text's two parts: what staff may reword, and who answered with the link.
    """

    text: str | None
    trouble: Message | str | None
    length: int = 0
    maximum: int = 0
    body: str = ""
    signature: str = ""

    @property
    def digest(self) -> str:
        """Names these very words in a form, so that an approval is of what was read."""
        return sha256((self.text or "").encode()).hexdigest()


def draft_replies(session: Session, delivery_ids: Sequence[int], outside: Outside) -> Sequence[Draft]:
    """One query; the networks are opened, which asks nothing of them, but not yet asked."""
    rows = session.execute(
        select(Delivery, Mention, Connection, Post, Account)
        .join(Mention, Mention.id == Delivery.mention_id)
        .join(Connection, Connection.id == Mention.connection_id)
        .join(Acceptance, Acceptance.id == Delivery.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .outerjoin(Account, Account.id == Post.author_id)
        .where(Delivery.id.in_(delivery_ids))
    )
    drafts = []
    for delivery, mention, connection, post, author in rows:
        network, trouble = _opened(connection, outside)
        words = answer_words(post, author, mention, outside)
        drafts.append(Draft(delivery.id, words, delivery.text, network, trouble))
    return drafts


def compose_previews(drafts: Sequence[Draft]) -> Mapping[int, Preview]:
    """By delivery; the caller has no transaction open."""
    return {draft.delivery_id: _preview(draft) for draft in drafts}


def _opened(connection: Connection, outside: Outside) -> tuple[Network | None, Message | str | None]:
    try:
        return outside.open_network(connection), None
    except NetworkError as error:
        return None, error.words
    except ForumError as error:
        return None, error.message


def _preview(draft: Draft) -> Preview:
    if draft.network is None:
        return Preview(draft.text, draft.trouble)
    try:
        text = draft.text or compose(draft.words, draft.network)
        body, signature = parts_of(text, draft.words)
        return Preview(text, None, draft.network.length(text), draft.network.limits().maximum, body, signature)
    except NetworkError as error:
        return Preview(draft.text, error.words)
