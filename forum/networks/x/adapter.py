"""One account on X as a `Network`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from requests.adapters import HTTPAdapter

from forum.kernel.clock import utc_now
from forum.kernel.messages import Message
from forum.networks.port import (
    CannotTell,
    ConnectedAccount,
    Limits,
    MentionPage,
    MentionRef,
    NetworkError,
    RemotePost,
    ReplyKey,
    SentReply,
)
from forum.networks.x import fields
from forum.networks.x.api import Answer, Api, Refused
from forum.networks.x.cursor import Cursor, Part
from forum.networks.x.posts import account, answered_post, next_token, page_of, permalink, remote_posts, same_text
from forum.networks.x.weight import weight


class XNetwork:
    """Settings: `keywords` (a recent-search query), `reply_policy` (self_serve, the default, or full), and, known from
    an earlier check, `account_id` with `account_handle`. `transport` replaces the connection to X, for tests."""

    def __init__(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        *,
        transport: HTTPAdapter | None = None,
        timeout: tuple[float, float] = fields.TIMEOUT,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._api = Api(secrets, transport=transport, timeout=timeout)
        self._now = now
        self._keywords = settings.get("keywords", "").strip()
        self._answers_all = settings.get("reply_policy", "self_serve") == "full"
        self._account_id = settings.get("account_id", "")
        self._account: ConnectedAccount | None = None
        if self._account_id and settings.get("account_handle"):
            handle = settings["account_handle"]
            self._account = ConnectedAccount(self._account_id, handle, handle)

    def check(self) -> ConnectedAccount:
        answer = self._api.me()
        if not answer.get("data"):
            raise NetworkError("X does not say whose account this is.", permanent=True)
        self._account = account(answer["data"])
        self._account_id = self._account.remote_id
        return self._account

    def list_mentions(self, cursor: str | None) -> MentionPage:
        place = Cursor.load(cursor)
        if not self._keywords:
            place = replace(place, turn="mentions")
        try:
            return self._page(place)
        except Refused as refusal:
            going = place.part().round
            if refusal.status != 400 or going is None:
                raise
            # X has forgotten the page of a round that was cut off: the round begins anew, from the same bound.
            return self._page(place.with_part(replace(place.part(), round=None)))

    def read_conversation(self, mention: MentionRef) -> Sequence[RemotePost]:
        query = f"conversation_id:{mention.conversation_id} from:{mention.author_id}"
        since, us = int(mention.remote_id), self._us_id()
        found: list[RemotePost] = []
        token: str | None = None
        for _ in range(fields.CONVERSATION_PAGES):
            answer = self._api.search(query, self._searchable(since), token)
            found += [post for post in remote_posts(answer, us) if int(post.remote_id) > since]
            token = next_token(answer)
            if token is None:
                break
        return sorted(found, key=lambda post: int(post.remote_id))

    def limits(self) -> Limits:
        return Limits(fields.MAXIMUM, "characters")

    def length(self, text: str) -> int:
        """Weighted as twitter-text v3 does: CJK and emoji 2, any URL 23."""
        return weight(text)

    def why_not(self, mention: MentionRef) -> Message | None:
        if mention.addressed or self._answers_all:
            return None
        return Message(
            "X lets this app answer only where the author mentioned or quoted the account; "
            "this post was found by keyword alone."
        )

    def reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply:
        refused = self.why_not(mention) or self._too_long(text)
        if refused:
            raise NetworkError(str(refused), permanent=True)
        us = self._us()  # before posting: nothing may fail between the post and its id
        answer = self._api.post(text, mention.remote_id)
        if not answer.get("data"):
            raise NetworkError("X took the reply without naming it.", uncertain=True)
        return _sent(us, str(answer["data"]["id"]))

    def find_reply(self, mention: MentionRef, text: str, key: ReplyKey) -> SentReply | None:
        """Reads our own timeline back to when the delivery was made."""
        us = self._us()
        since = max(int(mention.remote_id), fields.first_id_at(key.made_at - fields.CLOCKS_APART))
        token: str | None = None
        for _ in range(fields.TIMELINE_PAGES):
            answer = self._api.timeline(us.remote_id, since, token)
            for post in page_of(answer):
                if answered_post(post) == mention.remote_id and same_text(post, text):
                    return _sent(us, str(post["id"]))
            token = next_token(answer)
            if token is None:
                return None
        raise CannotTell("more of our own posts than X lets us read back")

    def delete(self, reply: SentReply) -> None:
        """X answers deleted: false, or 404, for what is gone already."""
        try:
            self._api.remove(reply.remote_id)
        except Refused as refusal:
            if refusal.status != 404:
                raise

    def _page(self, place: Cursor) -> MentionPage:
        """One request: of the mentions until they are read, then of the keyword search."""
        part, by_mention = place.part(), place.turn == "mentions"
        answer = self._ask(place.turn, part)
        token = next_token(answer)
        later = part.after([int(post["id"]) for post in page_of(answer)], token, self._now())
        more = True
        if token is not None:
            place = place.with_part(later)
        elif by_mention and (below := later.below_the_window()) and self._in_search(below):
            place = place.with_part(below)
        else:
            more = by_mention and bool(self._keywords)
            place = replace(place.with_part(later.finished()), turn="keywords" if more else "mentions")
        posts = remote_posts(answer, self._us_id(), addressed=by_mention)
        known = {str(id_) for id_ in part.fresh}
        return MentionPage([post for post in posts if post.remote_id not in known], place.dump(), more)

    def _ask(self, turn: str, part: Part) -> Answer:
        token = part.round.token if part.round else None
        if turn == "keywords":
            # What mentions us comes by the other listing, and each post read is paid for.
            us = self._us().handle
            query = f"({self._keywords}) -@{us} -from:{us} -is:retweet"
            return self._api.search(query, self._searchable(part.since), token)
        if part.round and part.round.until is not None:
            us = self._us().handle
            query = f"@{us} -from:{us} -is:retweet"
            return self._api.search(query, self._searchable(part.since), token, until=part.round.until)
        return self._api.mentions(self._us_id(), part.since, token)

    def _searchable(self, since: int | None) -> int | None:
        """The bound for a recent search, which refuses one that is older than what it holds."""
        oldest = fields.first_id_at(self._now() - fields.SEARCH_WINDOW)
        return since if since is not None and since > oldest else None

    def _in_search(self, part: Part) -> bool:
        """Whether a search below the window can still find anything."""
        return part.round is not None and self._searchable(part.round.until) is not None

    def _too_long(self, text: str) -> Message | None:
        length = self.length(text)
        if length <= fields.MAXIMUM:
            return None
        params = {"length": length, "maximum": fields.MAXIMUM}
        return Message("X takes %(maximum)s characters; this text has %(length)s as X counts them.", params)

    def _us(self) -> ConnectedAccount:
        return self._account or self.check()

    def _us_id(self) -> str:
        return self._account_id or self.check().remote_id


def _sent(us: ConnectedAccount, post_id: str) -> SentReply:
    return SentReply(post_id, permalink(us.handle, post_id))
