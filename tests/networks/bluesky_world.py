"""Customers and our own account on the real Bluesky test network, acting by plain XRPC and never by the adapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from forum.networks.bluesky.adapter import BlueskyNetwork, build
from forum.networks.port import Network
from tests.services.bluesky import BlueskyNetworkServer

POSTS = "app.bsky.feed.post"
_WRITES = 200  # the most that one request may hold
_PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    did: str
    handle: str
    token: str


class BlueskyWorld:
    """Accounts of its own on the network, so that many worlds may share one."""

    renderable = False
    can_always_tell = True

    def __init__(self, server: BlueskyNetworkServer, http: httpx.Client) -> None:
        self._server = server
        self._http = http
        self._suffix = uuid4().hex[:6]
        self.keyword = f"routerly{self._suffix}"  # a search hears every world on the network
        self._people: dict[str, Person] = {}
        self.us = self.person("routerly")
        self._app_password = self._new_app_password(self.us)
        self.network: Network = self.open()

    def open(
        self, service: str | None = None, *, app_password: str | None = None, keywords: str | None = None
    ) -> BlueskyNetwork:
        """Another adapter of our account, perhaps by way of a proxy at `service`."""
        settings, secrets, allow = self.connection(service, keywords=keywords)
        return build(settings, {**secrets, **({"app_password": app_password} if app_password else {})}, allow)

    def connection(
        self, service: str | None = None, *, keywords: str | None = None
    ) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
        """Settings, secrets and allowed places, as a stored connection holds them."""
        service = service or self._server.pds_url
        settings = {
            "service": service,
            "handle": self.us.handle,
            "keywords": self.keyword if keywords is None else keywords,
        }
        return settings, {"app_password": self._app_password}, frozenset({urlsplit(service).netloc})

    def customer_posts(self, text: str, *, author: str = "mira", mention: bool = True, under: str | None = None) -> str:
        record: dict[str, Any] = self._mention(text) if mention else {"text": f"{self.keyword} {text}", "langs": ["en"]}
        if under is not None:
            record["reply"] = self.references(under)
        return self.post(author, record)

    def post(self, author: str, record: Mapping[str, Any]) -> str:
        """Any record of a post, for what customer_posts does not say."""
        return self.post_all(author, [record])[0]

    def customer_posts_all(self, texts: Sequence[str], *, author: str = "mira") -> list[str]:
        """Many mentions at once, far quicker than one by one."""
        return self.post_all(author, [self._mention(text) for text in texts])

    def post_all(self, author: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
        person, uris = self.person(author), []
        for start in range(0, len(records), _WRITES):
            writes = [_create(record, number) for number, record in enumerate(records[start : start + _WRITES])]
            data = {"repo": person.did, "writes": writes}
            uris += [str(done["uri"]) for done in self.call("com.atproto.repo.applyWrites", data, person)["results"]]
        return uris

    def put(self, author: str, collection: str, rkey: str, record: Mapping[str, Any]) -> None:
        person = self.person(author)
        data = {"repo": person.did, "collection": collection, "rkey": rkey, "record": dict(record)}
        self.call("com.atproto.repo.putRecord", data, person)

    def replies_under(self, remote_id: str) -> list[str]:
        thread = self.read("app.bsky.feed.getPostThread", uri=remote_id, depth=1, base=self._server.appview_url)[
            "thread"
        ]
        replies = [reply["post"] for reply in thread.get("replies", []) if "post" in reply]
        return [post["record"]["text"] for post in replies if post["author"]["did"] == self.us.did]

    def customer_deletes(self, remote_id: str) -> None:
        did, collection, rkey = remote_id.removeprefix("at://").split("/")
        person = next(person for person in self._people.values() if person.did == did)
        self.call("com.atproto.repo.deleteRecord", {"repo": did, "collection": collection, "rkey": rkey}, person)

    def with_wrong_credentials(self) -> BlueskyNetwork:
        return self.open(app_password="wrong-wrong-wrong")

    def settle(self) -> None:
        self._server.settle()

    def record(self, remote_id: str) -> dict[str, Any]:
        """A post as its author's server stores it, with its cid."""
        did, collection, rkey = remote_id.removeprefix("at://").split("/")
        return self.read("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=rkey)

    def own_posts(self) -> list[str]:
        """The uris of all that our account has posted, straight from its repository."""
        found = self.read("com.atproto.repo.listRecords", repo=self.us.did, collection=POSTS, limit=100)
        return [str(record["uri"]) for record in found["records"]]

    def person(self, name: str) -> Person:
        """Mira, Noor or whoever; makes the account at first use."""
        if name not in self._people:
            handle = f"{name}-{self._suffix}.test"
            data = {"handle": handle, "email": f"{name}-{self._suffix}@mail.example", "password": _PASSWORD}
            made = self.call("com.atproto.server.createAccount", data)
            self._people[name] = Person(made["did"], handle, made["accessJwt"])
            self.settle()
        return self._people[name]

    def call(self, method: str, data: Mapping[str, Any], by: Person | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {by.token}"} if by else {}
        return _answer(self._http.post(f"{self._server.pds_url}/xrpc/{method}", json=data, headers=headers))

    def read(self, method: str, *, base: str | None = None, **params: str | int) -> dict[str, Any]:
        return _answer(self._http.get(f"{base or self._server.pds_url}/xrpc/{method}", params=params))

    def _new_app_password(self, person: Person) -> str:
        return str(self.call("com.atproto.server.createAppPassword", {"name": "answerback"}, person)["password"])

    def _mention(self, text: str) -> dict[str, Any]:
        address = f"@{self.us.handle}"
        index = {"byteStart": 0, "byteEnd": len(address)}
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.us.did}
        return {"text": f"{address} {text}", "langs": ["en"], "facets": [{"index": index, "features": [feature]}]}

    def references(self, under: str) -> dict[str, Any]:
        """What a reply to this post carries."""
        found = self.record(under)
        parent = {"uri": found["uri"], "cid": found["cid"]}
        return {"root": found["value"].get("reply", {}).get("root", parent), "parent": parent}


@contextmanager
def bluesky_world(server: BlueskyNetworkServer) -> Iterator[BlueskyWorld]:
    with httpx.Client(timeout=30, trust_env=False) as http:
        yield BlueskyWorld(server, http)


def _create(record: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Each a millisecond before the last, unless the record says when it was made."""
    made = datetime.now(UTC) - timedelta(milliseconds=number)
    value = {"$type": POSTS, "createdAt": made.isoformat(timespec="milliseconds").replace("+00:00", "Z"), **record}
    return {"$type": "com.atproto.repo.applyWrites#create", "collection": POSTS, "value": value}


def _answer(response: httpx.Response) -> dict[str, Any]:
    assert response.is_success, response.text
    content: dict[str, Any] = response.json() if response.content else {}
    return content
