"""Reads X's posts: into the port's RemotePost, and for comparing a text of ours with what X made of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from forum.networks.port import ConnectedAccount, RemotePost
from forum.networks.x import fields
from forum.networks.x.api import Answer

Post = Mapping[str, Any]
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # all that X escapes; the ampersand last
_LEADING_HANDLES = re.compile(r"^(?:@\w{1,15}\s+)+")
_SCHEME = re.compile(r"https?://")
_TRAILING_SLASH = re.compile(r"/(?=\s|$)")


def page_of(answer: Answer) -> Sequence[Post]:
    return answer.get("data") or []


def next_token(answer: Answer) -> str | None:
    token: str | None = (answer.get("meta") or {}).get("next_token")
    return token


def account(data: Mapping[str, Any]) -> ConnectedAccount:
    return ConnectedAccount(remote_id=str(data["id"]), handle=data["username"], name=data["name"])


def permalink(handle: str, post_id: str) -> str:
    return fields.POST_PAGE.format(handle=handle or fields.NAMELESS, post=post_id)


def remote_posts(answer: Answer, us: str, *, addressed: bool = False) -> list[RemotePost]:
    """The answer's posts without our own and without mere repeats; `addressed` where the listing itself implies it."""
    includes = answer.get("includes") or {}
    users = {user["id"]: user for user in includes.get("users", [])}
    authors = {
        post["id"]: post.get("author_id") for names in fields.READ for post in includes.get(names.included_posts, [])
    }
    return [
        _remote_post(post, users.get(post.get("author_id"), {}), addressed=addressed or _turns_to(us, post, authors))
        for post in page_of(answer)
        if post.get("author_id") != us and "retweeted" not in _references(post)
    ]


def answered_post(post: Post) -> str | None:
    """The id of the post that this one answers."""
    return _references(post).get("replied_to")


def text_of(post: Post) -> str:
    """The whole text as a person reads it: nothing escaped, links as they were written."""
    long = next((post[names.long_text] for names in fields.READ if post.get(names.long_text)), None)
    source: Mapping[str, Any] = long if long and long.get("text") else post
    text: str = source["text"]
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    for url in (source.get("entities") or {}).get("urls", []):
        written = url.get("expanded_url") or ""
        if written.startswith(("https://", "http://")):
            text = text.replace(url["url"], written)
    return text


def same_text(post: Post, ours: str) -> bool:
    """Whether `post` is what X made of `ours`: handles put in front, links rewritten, white space changed."""
    return _bare(text_of(post)) == _bare(ours)


def _bare(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return _TRAILING_SLASH.sub("", _SCHEME.sub("", _LEADING_HANDLES.sub("", text))).casefold()


def _remote_post(post: Post, author: Mapping[str, Any], *, addressed: bool) -> RemotePost:
    post_id, handle = str(post["id"]), author.get("username", "")
    author_id = str(post.get("author_id", ""))
    return RemotePost(
        remote_id=post_id,
        conversation_id=str(post.get("conversation_id") or post_id),
        parent_id=answered_post(post),
        author_id=author_id,
        author_handle=handle or author_id,
        author_name=author.get("name") or handle or author_id,
        text=text_of(post),
        created_at=_moment(post),
        permalink=permalink(handle, post_id),
        addressed=addressed,
        language=_language(post.get("lang")),
    )


def _turns_to(us: str, post: Post, authors: Mapping[str, str | None]) -> bool:
    mentioned = {mention.get("id") for mention in (post.get("entities") or {}).get("mentions", [])}
    quoted = _references(post).get("quoted")
    return (
        us in mentioned or post.get("in_reply_to_user_id") == us or (quoted is not None and authors.get(quoted) == us)
    )


def _references(post: Post) -> Mapping[str, str]:
    return {
        reference["type"]: reference["id"] for names in fields.READ for reference in post.get(names.referenced) or []
    }


def _moment(post: Post) -> datetime:
    stated = post.get("created_at")
    return datetime.fromisoformat(stated).astimezone(UTC) if stated else fields.made_at(post["id"])


def _language(code: str | None) -> str | None:
    return None if not code or code in fields.NO_LANGUAGE else fields.LANGUAGES.get(code, code)
