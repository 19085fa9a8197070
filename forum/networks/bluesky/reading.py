"""What the network sends, as RemotePost. It is read as plain JSON: one odd post of a stranger must not stop the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from forum.networks.port import RemotePost

JSON = Mapping[str, Any]

_WEB = "https://bsky.app"


def remote_post(view: JSON, us: str) -> RemotePost:
    """A post view or notification of the network; `us` is our own DID."""
    record, author = _mapping(view.get("record")), _mapping(view.get("author"))
    uri, reply = str(view["uri"]), _mapping(record.get("reply"))
    root, parent = _mapping(reply.get("root")), _mapping(reply.get("parent"))
    did, handle = str(author["did"]), str(author.get("handle", ""))
    language = next((str(code) for code in _items(record.get("langs"))), None)
    return RemotePost(
        remote_id=uri,
        conversation_id=str(root.get("uri") or uri),
        parent_id=str(parent["uri"]) if parent.get("uri") else None,
        author_id=did,
        author_handle=handle,
        author_name=str(author.get("displayName") or handle),
        text=str(record.get("text", "")),
        created_at=created_at(view),
        permalink=permalink(handle, did, uri),
        addressed=_addresses(record, us),
        language=language,
        handle={"cid": str(view["cid"])},
    )


def references(view: JSON) -> dict[str, dict[str, str]]:
    """What a reply to this post carries: the post itself and the root of its conversation, each by uri and cid."""
    parent = {"uri": str(view["uri"]), "cid": str(view["cid"])}
    root = _mapping(_mapping(_mapping(view.get("record")).get("reply")).get("root"))
    if root.get("uri") and root.get("cid"):
        return {"root": {"uri": str(root["uri"]), "cid": str(root["cid"])}, "parent": parent}
    return {"root": parent, "parent": parent}


def created_at(view: JSON) -> datetime:
    """When it was posted: the author's own word, but never later than the network saw it."""
    seen = _moment(view.get("indexedAt")) or datetime.now(UTC)
    said = _moment(_mapping(view.get("record")).get("createdAt")) or seen
    return min(said, seen)


def permalink(handle: str, did: str, uri: str) -> str:
    who = did if handle in ("", "handle.invalid") else handle
    return f"{_WEB}/profile/{who}/post/{rkey_of(uri)}"


def repo_of(uri: str) -> str:
    """The DID in at://DID/COLLECTION/RKEY."""
    return uri.removeprefix("at://").partition("/")[0]


def rkey_of(uri: str) -> str:
    return uri.rpartition("/")[2]


def is_follow_up(post: RemotePost) -> bool:
    """Whether the one who began a conversation goes on in it."""
    return post.parent_id is not None and post.author_id == repo_of(post.conversation_id)


def posts_of_thread(thread: JSON) -> Iterator[JSON]:
    """Every post view in a thread, without a limit of depth; blocked and deleted ones have none."""
    waiting = [thread]
    while waiting:
        node = waiting.pop()
        if isinstance(node.get("post"), Mapping):
            yield node["post"]
        waiting += [_mapping(reply) for reply in _items(node.get("replies"))]


def _addresses(record: JSON, us: str) -> bool:
    """Whether a post turns to us: mentions us, answers a post of ours or quotes one."""
    parent = _mapping(_mapping(record.get("reply")).get("parent"))
    return (
        us in set(_mentioned(record))
        or repo_of(str(parent.get("uri", ""))) == us
        or repo_of(_quoted(_mapping(record.get("embed")))) == us
    )


def _mentioned(record: JSON) -> Iterator[str]:
    for facet in _items(record.get("facets")):
        for feature in _items(_mapping(facet).get("features")):
            yield str(_mapping(feature).get("did", ""))


def _quoted(embed: JSON) -> str:
    """The uri of a quoted post; beside pictures it lies one level deeper."""
    record = _mapping(embed.get("record"))
    return str(record.get("uri") or _mapping(record.get("record")).get("uri") or "")


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _mapping(value: object) -> JSON:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
