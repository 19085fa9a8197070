"""A local X for tests: a real HTTP server with people, posts, limits and troubles. It judges every request, and every
answer of its own, by X's official description; a test ends with `assert server.violations == []`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, RLock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from twitter_text import parse_tweet

from tests.networks.x_answers import Answer, invalid, limit_headers, problem
from tests.networks.x_description import SENT, Operation, Request, description
from tests.networks.x_posts import Post, Posts, User

MENTIONS_WINDOW, TIMELINE_WINDOW, WEEK = 800, 3200, timedelta(days=7)
LIMITS = {
    ("GET", "/2/users/me"): 75,
    ("GET", "/2/users/{id}/mentions"): 300,
    ("GET", "/2/users/{id}/tweets"): 900,
    ("GET", "/2/tweets/search/recent"): 300,
    ("POST", "/2/tweets"): 100,
    ("DELETE", "/2/tweets/{id}"): 50,
}
NOT_ANSWERABLE = "You are not permitted to reply: the author has neither mentioned nor quoted you."
GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


@dataclass
class Trouble:
    """What happens to the next request of a method. accepted: after it took effect; else instead of that."""

    method: str
    status: int | None = None  # None: no answer at all
    accepted: bool = False
    hangs: bool = False  # the connection stays open without a byte, else it is cut
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1


class XServer:
    """Use it as `with running_x() as server`. `server.transport()` leads a requests session here."""

    def __init__(self) -> None:
        self.posts = Posts()
        self.tokens: dict[str, User] = {}  # access token -> whose it is
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.troubles: list[Trouble] = []
        self.answers_all = False  # what X calls the full plan
        self.gone_is_404 = False  # how a delete of nothing is answered
        self.lock = RLock()
        self.stopping = Event()
        self._used: dict[tuple[str, str], int] = {}
        self._pages: dict[str, int] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def transport(self) -> HTTPAdapter:
        return Redirection(self.address)

    def connect(self, username: str) -> dict[str, str]:
        """The secrets of an account, as an operator would type them in."""
        user = self.posts.user(username)
        token = f"{user.id}-token"
        self.tokens[token] = user
        return {
            "api_key": "key",
            "api_key_secret": "key-secret",
            "access_token": token,
            "access_token_secret": "token-secret",
        }

    def post(self, username: str, text: str, *, under: str | None = None, **more: Any) -> str:
        """A customer posts, by no API."""
        with self.lock:
            parent = self.posts.posts[int(under)] if under else None
            return str(self.posts.add(self.posts.user(username), text, under=parent, **more).id)

    def forget_pages(self) -> None:
        self._pages.clear()

    def serve(self) -> None:
        self._http.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()

    def trouble_for(self, method: str) -> Trouble | None:
        with self.lock:
            for trouble in self.troubles:
                if trouble.method == method and trouble.times > 0:
                    trouble.times -= 1
                    return trouble
        return None

    def answer(self, request: Request) -> Answer:
        """What X says, its limits counted; a request that the description does not know is a violation and a 400."""
        with self.lock:
            self.requests.append(request)
            judge = description(SENT)
            faults = judge.faults_of_request(request)
            operation = judge.operation(request.method, request.path)
            if faults or operation is None:
                self.violations += [f"{request.method} {request.path}: {fault}" for fault in faults]
                return invalid("; ".join(faults))
            token = re.search(r'oauth_token="([^"]*)"', request.authorization)
            user = self.tokens.get(token.group(1)) if token else None
            if user is None:
                return problem(401, "Unauthorized")
            return self._limited(operation, lambda: self._act(operation, request, user))

    def judge_answer(self, request: Request, status: int, content_type: str, body: bytes) -> None:
        faults = description(SENT).faults_of_response(request.method, request.path, status, content_type, body)
        self.violations += [f"answer to {request.method} {request.path}: {fault}" for fault in faults]

    def _limited(self, operation: Operation, act: Callable[[], Answer]) -> Answer:
        key = (operation.method, operation.template)
        limit, used = LIMITS[key], self._used.get(key, 0)
        headers = limit_headers(limit, max(0, limit - used - 1), 900)
        if used >= limit:
            return Answer(429, problem(429, "Too Many Requests").body, headers)
        self._used[key] = used + 1
        answer = act()
        return Answer(answer.status, answer.body, headers)

    def _act(self, operation: Operation, request: Request, user: User) -> Answer:
        query, posts = dict(request.query), self.posts
        match operation.method, operation.template:
            case "GET", "/2/users/me":
                return Answer(200, {"data": {"id": user.id, "name": user.name, "username": user.username}})
            case "GET", "/2/users/{id}/mentions":
                if operation.path_values["id"] != user.id:
                    return problem(403, "You may read the mentions of your own account alone.")
                return self._listing(posts.mentioning(user)[:MENTIONS_WINDOW], query, "pagination_token")
            case "GET", "/2/users/{id}/tweets":
                own = [post for post in posts.visible() if post.author.id == operation.path_values["id"]]
                without = query.get("exclude", "")
                kept = [post for post in own if not (post.repeats and "retweets" in without)]
                kept = [post for post in kept if not (post.parent and "replies" in without)]
                return self._listing(kept[:TIMELINE_WINDOW], query, "pagination_token")
            case "GET", "/2/tweets/search/recent":
                return self._search(query)
            case "POST", "/2/tweets":
                return self._create(json.loads(request.body), user)
            case "DELETE", "/2/tweets/{id}":
                return self._remove(int(operation.path_values["id"]), user)
        return problem(404, "not simulated")

    def _search(self, query: Mapping[str, str]) -> Answer:
        week = datetime.now(UTC) - WEEK
        for bound in ("since_id", "until_id"):
            if bound in query and Post(int(query[bound]), User("", "", ""), "").made_at < week:
                return invalid(f"'{bound}' must be a tweet id created after {week:%Y-%m-%dT%H:%MZ}.")
        try:
            found = self.posts.matching(query["query"])
        except ValueError as error:
            self.violations.append(f"a search term that is not simulated: {error}")
            return invalid("There were errors processing your request")
        return self._listing([post for post in found if post.made_at > week], query, "next_token")

    def _listing(self, found: list[Post], query: Mapping[str, str], token_name: str) -> Answer:
        bounds = [int(query["until_id"])] if "until_id" in query else []
        if token_name in query:
            if query[token_name] not in self._pages:
                return invalid(f"The `{token_name}` query parameter value [{query[token_name]}] is not valid")
            bounds.append(self._pages[query[token_name]])
        found = [post for post in found if post.id > int(query.get("since_id", 0)) and all(post.id < b for b in bounds)]
        page = found[: int(query.get("max_results", 10))]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
        if len(found) > len(page):
            meta["next_token"] = token = f"p{len(self._pages):x}"
            self._pages[token] = page[-1].id
        wanted = query.get("tweet.fields", "").split(",")
        body: dict[str, Any] = {"meta": meta}
        if page:
            body["data"] = [self.posts.shown(post, wanted) for post in page]
            if includes := self.posts.included(page, query.get("expansions", "").split(","), wanted):
                body["includes"] = includes
        return Answer(200, body)

    def _create(self, body: Mapping[str, Any], user: User) -> Answer:
        parent = self.posts.posts.get(int(body["reply"]["in_reply_to_tweet_id"])) if "reply" in body else None
        if "reply" in body and (parent is None or parent.deleted):
            return problem(403, GONE)
        if parent and not self.answers_all and not self._turned_to(user, parent):
            return problem(403, NOT_ANSWERABLE)
        if parse_tweet(body["text"]).weightedLength > 280:
            return problem(403, "You are not allowed to create a Tweet with text that is too long.")
        if any(post.said == body["text"] and post.author == user for post in self.posts.visible()):
            return problem(403, DUPLICATE)
        post = self.posts.add(user, body["text"], under=parent)
        return Answer(201, {"data": {"id": str(post.id), "text": post.text}})

    def _turned_to(self, user: User, post: Post) -> bool:
        quoted = post.quoted is not None and post.quoted.author == user
        return quoted or user in (found for _, found in post.mentions(self.posts.users))

    def _remove(self, id_: int, user: User) -> Answer:
        post = self.posts.posts.get(id_)
        if post is None or post.deleted:
            return problem(404, "Not Found") if self.gone_is_404 else Answer(200, {"data": {"deleted": False}})
        if post.author != user:
            return problem(403, "You are not authorized to delete this Tweet.")
        post.deleted = True
        return Answer(200, {"data": {"deleted": True}})


class Redirection(HTTPAdapter):
    """Leads what is meant for X's host to the local server, and fails what is meant for any other."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        assert request.url is not None
        assert request.url.startswith("https://api.twitter.com/"), request.url
        request.url = request.url.replace("https://api.twitter.com", self._address, 1)
        return super().send(request, *args, **kwargs)


@contextmanager
def running_x() -> Iterator[XServer]:
    server = XServer()
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)


def _handler(server: XServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def log_message(self, *args: object) -> None:
            """Tests read `server.requests` instead."""

        def _serve(self) -> None:
            self.close_connection = True
            url = urlsplit(self.path)
            request = Request(
                self.command,
                url.path,
                tuple(parse_qsl(url.query, keep_blank_values=True)),
                self.headers.get("Authorization", ""),
                self.headers.get("Content-Type", ""),
                self.rfile.read(int(self.headers.get("Content-Length", 0))),
            )
            trouble = server.trouble_for(self.command)
            if trouble is None:
                self._send(request, server.answer(request))
                return
            if trouble.accepted:
                server.answer(request)
            if trouble.hangs:
                server.stopping.wait(30)
            elif trouble.status is not None:
                self._send(request, Answer(trouble.status, problem(trouble.status, "Try later.").body, trouble.headers))

        def _send(self, request: Request, answer: Answer) -> None:
            content_type = "application/json" if answer.status < 400 else "application/problem+json"
            body = json.dumps(answer.body).encode()
            if not 300 <= answer.status < 400:  # a redirection is no answer of X's
                server.judge_answer(request, answer.status, content_type, body)
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Type": content_type, "Connection": "close"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
