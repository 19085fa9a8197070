"""What every network adapter must keep. Each network's test file subclasses `NetworkContract`, states the facts at
its top for that network and gives a `world` fixture; the world may be shared by tests, so no test counts on an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import ClassVar, Protocol
from uuid import uuid4

import pytest

from forum.kernel.messages import Message
from forum.networks.port import (
    CannotTell,
    MentionRef,
    Network,
    NetworkError,
    RemotePost,
    ReplyKey,
    SentReply,
)

_numbers = count(1)


class World(Protocol):
    """A network with customers on it, and our account's adapter. Customers act on the network itself, never by the adapter."""

    network: Network
    renderable: bool  # people can open the network's own pages here
    can_always_tell: bool  # find_reply never raises CannotTell

    def customer_posts(self, text: str, *, author: str = "mira", mention: bool = True, under: str | None = None) -> str:
        """Posts as `author` and returns the remote id. The world itself puts our @mention in front of the text, or with
        mention=False the bare keyword "routerly". `under` is the remote id of the post it answers, ours or another's."""
        ...

    def replies_under(self, remote_id: str) -> list[str]:
        """The texts of our visible replies directly under it, read without the adapter."""
        ...

    def customer_deletes(self, remote_id: str) -> None: ...

    def with_wrong_credentials(self) -> Network: ...

    def settle(self) -> None:
        """Waits until what was posted can be listed: for the condition, with a deadline."""
        ...


class NetworkContract:
    """Subclass it as TestSomeNetwork and override the facts that differ."""

    backlog: ClassVar[int] = 65  # more than one page of the adapter
    hears_keywords: ClassVar[bool] = True  # posts that say the keyword alone are listed
    answers_strangers: ClassVar[bool] = True  # a keyword-only find may be answered
    answers_the_deleted: ClassVar[bool] = False  # a reply to a deleted mention is taken
    same_key_is_one_reply: ClassVar[bool] = True  # reply() twice with one key is one reply; else find_reply protects
    lengths: ClassVar[Mapping[str, int]] = {}  # text -> the network's own count; at least Latin, CJK, emoji, URL

    # --- who we are

    def test_check_names_the_account_that_customers_mention(self, world: World) -> None:
        account = world.network.check()
        post = listed(world, world.customer_posts("who is there"))
        assert account.remote_id
        assert account.handle
        assert not account.handle.startswith("@")
        assert f"@{account.handle}".lower() in post.text.lower()

    def test_wrong_credentials_are_refused_for_good(self, world: World) -> None:
        stranger = world.with_wrong_credentials()
        for call in (stranger.check, lambda: stranger.list_mentions(None)):
            with pytest.raises(NetworkError) as refused:
                call()
            assert refused.value.permanent
            assert refused.value.words

    # --- what comes in

    def test_a_mention_comes_with_all_that_a_thread_needs(self, world: World) -> None:
        before = datetime.now(UTC) - timedelta(minutes=5)
        remote_id = world.customer_posts("my wifi drops every few minutes")
        post = listed(world, remote_id)
        assert "my wifi drops every few minutes" in post.text
        assert "mira" in post.author_handle
        assert not post.author_handle.startswith("@")
        assert post.author_id
        assert post.author_name
        assert post.created_at.utcoffset() == timedelta(0)
        assert before < post.created_at < datetime.now(UTC) + timedelta(minutes=5)
        assert post.permalink.startswith(("http://", "https://", "/"))
        assert post.conversation_id == remote_id
        assert post.parent_id is None
        assert post.addressed

    def test_a_keyword_alone_is_listed_as_not_addressed(self, world: World) -> None:
        if not self.hears_keywords:
            pytest.skip("this network does not listen for keywords here")
        post = listed(world, world.customer_posts("seems slow tonight", mention=False))
        assert not post.addressed
        reason = world.network.why_not(ref(post))
        if self.answers_strangers:
            assert reason is None
        else:
            assert isinstance(reason, Message)
            assert str(reason)

    def test_a_mention_can_be_answered(self, world: World) -> None:
        assert world.network.why_not(ref(listed(world, world.customer_posts("hello")))) is None

    def test_own_posts_never_come(self, world: World) -> None:
        us = world.network.check()
        mention = ref(listed(world, world.customer_posts("is anybody there")))
        sent = world.network.reply(mention, unique("We are, @routerly speaking"), new_key())
        world.settle()
        posts, _ = drain(world.network, None)
        assert mention.remote_id in ids(posts)
        assert sent.remote_id not in ids(posts)
        assert us.remote_id not in {post.author_id for post in posts}

    # --- the cursor

    def test_nothing_comes_twice_after_a_finished_backlog(self, world: World) -> None:
        first = [world.customer_posts(f"first {n}") for n in range(3)]
        world.settle()
        posts, cursor = drain(world.network, None)
        assert set(first) <= ids(posts)
        posts, cursor = drain(world.network, cursor)
        assert ids(posts) == set()
        later = world.customer_posts("later")
        world.settle()
        posts, cursor = drain(world.network, cursor)
        assert ids(posts) == {later}

    def test_an_old_cursor_gives_the_same_posts_again(self, world: World) -> None:
        world.customer_posts("before")
        world.settle()
        _, old = drain(world.network, None)
        waiting = {world.customer_posts(f"after {n}") for n in range(3)}
        world.settle()
        assert ids(drain(world.network, old)[0]) == waiting
        assert ids(drain(world.network, old)[0]) == waiting

    def test_a_backlog_pages_fully(self, world: World) -> None:
        world.settle()
        _, cursor = drain(world.network, None)
        waiting = {world.customer_posts(f"waiting {n}") for n in range(self.backlog)}
        world.settle()
        page = world.network.list_mentions(cursor)
        assert page.more
        assert len(page.posts) < self.backlog
        assert ids(drain(world.network, cursor)[0]) == waiting

    def test_paging_that_is_interrupted_anywhere_loses_nothing(self, world: World) -> None:
        world.settle()
        _, cursor = drain(world.network, None)
        waiting = {world.customer_posts(f"waiting {n}") for n in range(self.backlog)}
        world.settle()
        taken: set[str] = set()
        for number in range(self.backlog):
            world.network.list_mentions(cursor)  # read, but the process died before its commit
            page = world.network.list_mentions(cursor)
            taken |= ids(page.posts)
            if number < 3:  # while the backlog is being read, people go on posting
                waiting.add(world.customer_posts(f"meanwhile {number}"))
                world.settle()
            cursor = page.cursor
            if not page.more:
                break
        rest, _ = drain(world.network, cursor)
        assert waiting <= taken | ids(rest)

    # --- the conversation

    def test_the_authors_later_post_names_its_conversation(self, world: World) -> None:
        mention = listed(world, world.customer_posts("no light on the box"))
        sent = world.network.reply(ref(mention), unique("Hold the button for ten seconds"), new_key())
        world.settle()
        _, cursor = drain(world.network, None)
        later = world.customer_posts("thanks, solved", under=sent.remote_id)
        world.settle()
        posts, _ = drain(world.network, cursor)
        found = {post.remote_id: post for post in posts}[later]
        assert found.conversation_id == mention.remote_id
        assert found.parent_id == sent.remote_id
        assert found.author_id == mention.author_id
        assert found.addressed

    def test_a_conversation_holds_the_authors_later_posts_oldest_first(self, world: World) -> None:
        mention = listed(world, world.customer_posts("the guest network is gone"))
        sent = world.network.reply(ref(mention), unique("Which version is it"), new_key())
        second = world.customer_posts("it is 4.2", under=sent.remote_id)
        third = world.customer_posts("and it blinks", mention=False, under=mention.remote_id)
        stranger = world.customer_posts("same here", author="noor", under=mention.remote_id)
        world.settle()
        posts = world.network.read_conversation(ref(mention))
        assert [post.remote_id for post in posts] == [second, third]
        assert stranger not in ids(posts)
        assert {post.conversation_id for post in posts} == {mention.remote_id}

    # --- what goes out

    def test_a_reply_stands_under_its_mention_and_is_found_by_its_key(self, world: World) -> None:
        mention = ref(listed(world, world.customer_posts("how do I reset it")))
        other = ref(listed(world, world.customer_posts("how do I rename it", author="noor")))
        text, key = unique("Hold the button"), new_key()
        assert self.find(world, mention, text, key) is None
        sent = world.network.reply(mention, text, key)
        world.settle()
        assert sent.permalink.startswith(("http://", "https://", "/"))
        replies = world.replies_under(mention.remote_id)
        assert len(replies) == 1
        assert text in replies[0]
        assert self.find(world, mention, text, key) == sent
        assert self.find(world, other, unique("Not sent"), new_key()) is None

    def test_a_reply_with_a_link_and_line_breaks_is_found_again(self, world: World) -> None:
        mention = ref(listed(world, world.customer_posts("how do I update it")))
        text = unique(
            "See https://forum.example/threads/7/how-do-i-update?from=routerly\n\n— Bob & the <others>, 谢谢 👍"
        )
        key = new_key()
        sent = world.network.reply(mention, text, key)
        world.settle()
        assert len(world.replies_under(mention.remote_id)) == 1
        assert self.find(world, mention, text, key) == sent

    def test_the_authors_own_later_post_can_be_answered_too(self, world: World) -> None:
        first = listed(world, world.customer_posts("it drops"))
        later = ref(listed(world, world.customer_posts("it still drops", under=first.remote_id)))
        text, key = unique("Try the other channel"), new_key()
        sent = world.network.reply(later, text, key)
        world.settle()
        assert len(world.replies_under(later.remote_id)) == 1
        assert world.replies_under(first.remote_id) == []
        assert self.find(world, later, text, key) == sent

    def test_the_same_key_never_leaves_two_replies(self, world: World) -> None:
        mention = ref(listed(world, world.customer_posts("does it do IPv6")))
        text, key = unique("It does"), new_key()
        sent = world.network.reply(mention, text, key)
        world.settle()
        if self.same_key_is_one_reply:
            assert world.network.reply(mention, text, key) == sent
        else:
            assert self.find(world, mention, text, key) == sent
        world.settle()
        assert len(world.replies_under(mention.remote_id)) == 1

    def test_delete_takes_the_reply_away_and_may_be_repeated(self, world: World) -> None:
        mention = ref(listed(world, world.customer_posts("which cable")))
        text, key = unique("The flat one"), new_key()
        sent = world.network.reply(mention, text, key)
        world.settle()
        world.network.delete(sent)
        world.settle()
        assert world.replies_under(mention.remote_id) == []
        assert self.find(world, mention, text, key) is None
        world.network.delete(sent)

    def test_a_reply_to_a_deleted_mention(self, world: World) -> None:
        mention = ref(listed(world, world.customer_posts("never mind")))
        world.customer_deletes(mention.remote_id)
        world.settle()
        text, key = unique("Glad to hear"), new_key()
        if self.answers_the_deleted:
            assert world.network.reply(mention, text, key).remote_id
            return
        with pytest.raises(NetworkError) as refused:
            world.network.reply(mention, text, key)
        assert refused.value.permanent
        assert not refused.value.uncertain

    # --- how long it may be

    def test_length_counts_as_the_network_does(self, world: World) -> None:
        assert self.lengths, "state the network's own counts"
        counted = {text: world.network.length(text) for text in self.lengths}
        assert counted == dict(self.lengths)

    @pytest.mark.parametrize("unit", ["word ", "路由器", "👍🏽👨‍👩‍👧"], ids=["latin", "cjk", "emoji"])
    def test_a_text_that_just_fits_is_taken(self, world: World, unit: str) -> None:
        mention = ref(listed(world, world.customer_posts("tell me everything")))
        text = filled(world.network, unit)
        sent = world.network.reply(mention, text, new_key())
        world.settle()
        assert sent.remote_id
        assert len(world.replies_under(mention.remote_id)) == 1

    def test_a_text_that_is_too_long_is_refused_for_good(self, world: World) -> None:
        mention = ref(listed(world, world.customer_posts("tell me more")))
        text = filled(world.network, "word ") + "!"
        assert world.network.length(text) == world.network.limits().maximum + 1
        with pytest.raises(NetworkError) as refused:
            world.network.reply(mention, text, new_key())
        assert refused.value.permanent
        assert not refused.value.uncertain
        world.settle()
        assert world.replies_under(mention.remote_id) == []

    def test_limits_say_their_unit(self, world: World) -> None:
        limits = world.network.limits()
        assert limits.maximum > 0
        assert limits.unit

    def find(self, world: World, mention: MentionRef, text: str, key: ReplyKey) -> SentReply | None:
        """find_reply, where CannotTell fails the test unless the world allows it."""
        try:
            return world.network.find_reply(mention, text, key)
        except CannotTell:
            assert not world.can_always_tell
            pytest.skip("the network cannot tell here, and may not")


def drain(network: Network, cursor: str | None) -> tuple[list[RemotePost], str | None]:
    """Every page from `cursor` on, with the cursor after the last; a backlog that never ends fails."""
    posts: list[RemotePost] = []
    for _ in range(500):
        page = network.list_mentions(cursor)
        posts += page.posts
        cursor = page.cursor
        if not page.more:
            return posts, cursor
    raise AssertionError("paging never ended")


def listed(world: World, remote_id: str) -> RemotePost:
    """The post as the adapter lists it."""
    world.settle()
    posts, _ = drain(world.network, None)
    return {post.remote_id: post for post in posts}[remote_id]


def ref(post: RemotePost) -> MentionRef:
    """What would be stored of it."""
    return MentionRef(
        remote_id=post.remote_id,
        conversation_id=post.conversation_id,
        author_id=post.author_id,
        author_handle=post.author_handle,
        addressed=post.addressed,
        created_at=post.created_at,
        handle=dict(post.handle),
    )


def new_key() -> ReplyKey:
    number = next(_numbers)
    return ReplyKey(value=f"reply:{number}-{uuid4().hex}", made_at=datetime.now(UTC), number=number)


def unique(text: str) -> str:
    """A text that no other test has posted; some networks refuse duplicates."""
    return f"{text} ({uuid4().hex[:8]})"


def filled(network: Network, unit: str) -> str:
    """A unique text that no full stop more would fit into, made of `unit` and closed with full stops."""
    text, maximum = unique("Long"), network.limits().maximum
    while network.length(text + unit) <= maximum:
        text += unit
    text = text.rstrip()
    while network.length(text + ".") <= maximum:  # one by one: a second limit, such as bytes, may come first
        text += "."
    return text


def ids(posts: Sequence[RemotePost]) -> set[str]:
    return {post.remote_id for post in posts}
