"""What X calls things, its limits and its hosts, as data; the rest of the adapter holds no literal of theirs.

tweepy 4.17 sends the names of X's API description 2.159; 2.167 renames tweets to posts. Requests use the old names,
answers are read under either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Names:
    """How one version of X's API description spells what the adapter asks for and reads."""

    version: str
    post_fields_parameter: str
    post_fields: tuple[str, ...]
    expansions: tuple[str, ...]
    referenced: str  # in a post: which posts it answers, quotes or repeats
    included_posts: str  # in `includes`: those posts
    long_text: str  # in a post: the whole of a text over 280


SENT = Names(
    version="2.159",
    post_fields_parameter="tweet.fields",
    post_fields=(
        "author_id",
        "conversation_id",
        "created_at",
        "entities",
        "in_reply_to_user_id",
        "lang",
        "note_tweet",
        "referenced_tweets",
    ),
    expansions=("author_id", "referenced_tweets.id"),
    referenced="referenced_tweets",
    included_posts="tweets",
    long_text="note_tweet",
)

# In 2.167 what were fields that hold an id are given by the expansion of that name alone.
COMING = Names(
    version="2.167",
    post_fields_parameter="post.fields",
    post_fields=("conversation_id", "created_at", "entities", "lang", "note_post"),
    expansions=("author_id", "in_reply_to_user_id", "referenced_posts"),
    referenced="referenced_posts",
    included_posts="posts",
    long_text="note_post",
)

READ = (SENT, COMING)
USER_FIELDS = ("name", "username")

SECRETS = ("api_key", "api_key_secret", "access_token", "access_token_secret")

POST_PAGE = "https://x.com/{handle}/status/{post}"
NAMELESS = "i"  # X opens a post's page under any handle; this one it uses itself where it has none

MAXIMUM = 280  # weighted characters, twitter-text v3
PAGE = 100  # the most that a listing gives at once
MENTIONS_WINDOW = 800  # the mentions timeline ends there, however much waits
WINDOW_REACHED = 700  # so many read, posts hidden from us not counted, mean that the window may have been the end
SEARCH_WINDOW = timedelta(days=7) - timedelta(
    minutes=10
)  # recent search refuses an older since_id; with room for its clock
CONVERSATION_PAGES = 5
TIMELINE_PAGES = 10  # of our own posts, when looking for a reply
LATE = timedelta(minutes=2)  # a post may be listed so long after it was made
REMEMBERED = 100  # ids of such fresh posts in a cursor, at most
CLOCKS_APART = timedelta(hours=1)  # OAuth 1.0a refuses clocks that differ by more

TIMEOUT = (10.0, 30.0)  # seconds to connect, seconds between two bytes

RATE_LIMITS = (  # headers (what is left, when it is given anew); the second pair counts a day
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ("x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"),
    ("x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"),
)
RATE_WINDOW = timedelta(minutes=15)  # where no header says when

DUPLICATE = "duplicate content"  # in the words of the 403 for a text we have posted already

# X's marks for "no language", and its older codes.
NO_LANGUAGE = frozenset({"und", "art", "qam", "qct", "qht", "qme", "qst", "zxx"})
LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}

_EPOCH = 1288834974657  # milliseconds; ids carry the time since then above their low 22 bits


def made_at(post_id: str) -> datetime:
    """When the post of this id was made."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + _EPOCH) / 1000, UTC)


def first_id_at(moment: datetime) -> int:
    """The lowest id that a post made at `moment` can have."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH) << 22
