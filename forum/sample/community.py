"""The sample community as values: no database, no clock of its own, the same for the same `now` and seed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from forum.sample import small_talk
from forum.sample.boards import BOARDS, SITE_NAME
from forum.sample.catalogue import ISSUES
from forum.sample.content import Community, Issue, SampleReply, SampleThread, SandboxChatter
from forum.sample.conversation import Conversation, long_tail
from forum.sample.held import held_threads
from forum.sample.people import PEOPLE, SANDBOX_CUSTOMERS, people_who
from forum.sample.schedule import FRESH_MINUTES, moments, spread
from forum.sample.variation import as_title, asked_by, facts_for, fill, first_fit, fitting, title_from_post

_CHANNELS = {"phone": 40, "chat": 34, "e-mail": 16, "store": 10}
_FROM_SANDBOX = 0.13  # of the threads whose issue has a network's wording
_TRIES = 60


def community(now: datetime, seed: int = 1) -> Community:
    """Some 320 threads of the last five months. `now` is aware; every date lies before it."""
    rng = Random(seed)  # noqa: S311 - texts, no secrets
    asked = [issue for issue in ISSUES for _ in range(issue.weight)]
    rng.shuffle(asked)
    writer = _Writer(rng, now)
    starts = moments(rng, now, len(asked))
    fresh_from = now - timedelta(minutes=FRESH_MINUTES[-1] + 1)
    threads = [writer.thread(issue, at, fresh=at >= fresh_from) for issue, at in zip(asked, starts, strict=True)]
    threads = sorted([*threads, *held_threads(now)], key=lambda thread: thread.at)
    return Community(SITE_NAME, BOARDS, PEOPLE, tuple(threads), SANDBOX_CUSTOMERS, _chatter(rng, now))


@dataclass(frozen=True)
class _Opening:
    """How a thread begins, and what the rest of it has to agree with."""

    author: str
    title: str
    text: str
    question: int  # which of the issue's
    facts: dict[str, str]
    from_sandbox: bool


class _Writer:
    """Writes threads one after the other and remembers what has been said, so that no two are alike."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self._rng, self._now = rng, now
        self._stock: dict[str, str] = {}
        self._said: set[str] = set()  # titles and texts
        self._wordings: dict[tuple[str, ...], deque[tuple[int, str]]] = {}  # what is left to say, by the issue's titles

    def thread(self, issue: Issue, at: datetime, *, fresh: bool) -> SampleThread:
        from_sandbox = bool(issue.mentions) and self._rng.random() < _FROM_SANDBOX
        opening = (self._posted(issue) if from_sandbox else None) or self._asked(issue)
        author, from_sandbox, question, facts = opening.author, opening.from_sandbox, opening.question, opening.facts
        talk = Conversation(
            self._rng, issue, question, facts, author, at, self._now, self._stock, from_sandbox=from_sandbox
        )
        self._play(talk, issue, at, fresh=fresh)
        replies = tuple(self._with_kudos(reply) for reply in talk.replies)
        would, channel = self._survey(issue, replies, from_sandbox=from_sandbox)
        return SampleThread(
            board_slug=issue.board,
            author=author,
            title=opening.title,
            text=opening.text,
            tags=issue.tags,
            kind=issue.kind,
            language=issue.language,
            at=at,
            replies=replies,
            kudos_by=self._nods(issue, author, fresh=fresh),
            same_problem_by=self._sufferers(issue, author, fresh=fresh),
            from_sandbox=from_sandbox,
            would_have_contacted=would,
            channel=channel,
        )

    def _play(self, talk: Conversation, issue: Issue, at: datetime, *, fresh: bool) -> None:
        lot = self._rng.random()
        unanswered = 0.04 if self._now - at > timedelta(days=20) else 0.12
        if issue.kind == "idea":
            talk.talk_over()
        elif fresh:
            if lot < 0.4:
                talk.leave_open()
        elif lot < 0.74:
            talk.solve()
        elif lot < 1 - unanswered:
            talk.leave_open()

    def _posted(self, issue: Issue) -> _Opening | None:
        """As a post on the sandbox network; None where all of its wordings have been used."""
        author = self._rng.choice([one.handle for one in SANDBOX_CUSTOMERS if one.language == issue.language])
        for mention in self._rng.sample(issue.mentions, k=len(issue.mentions)):
            facts = facts_for(self._rng, issue.language, issue.facts)
            text = fill(self._rng, mention, facts)
            if self._is_new(title := title_from_post(text)):
                return _Opening(author, title, text, first_fit(mention), facts, from_sandbox=True)
        return None

    def _asked(self, issue: Issue) -> _Opening:
        """As a question in the forum, in words that nobody has used."""
        author = self._asker(issue)
        for _ in range(_TRIES):
            question, wording = self._next_wording(issue)
            for _ in range(_TRIES):
                facts = facts_for(self._rng, issue.language, issue.facts)
                title = as_title(fill(self._rng, self._rng.choice(fitting(issue.titles, question)), facts))
                if self._is_new(title):
                    text = fill(self._rng, wording, facts)
                    text = asked_by(self._rng, author, issue.language, text, facts, technical=issue.technical)
                    if not self._is_new(text):
                        continue
                    return _Opening(author, title, text, question, facts, from_sandbox=False)
        raise ValueError(f"no title is left for {issue.titles[0]!r}: give it more wordings or less weight")

    def _is_new(self, said: str) -> bool:
        known = said.casefold() in self._said
        self._said.add(said.casefold())
        return not known

    def _next_wording(self, issue: Issue) -> tuple[int, str]:
        """A question's number and one wording of it: each once in a random order, then again."""
        waiting = self._wordings.setdefault(issue.titles, deque())
        if not waiting:
            every = [*enumerate(issue.questions), *((first_fit(text), text) for text in issue.retold)]
            waiting.extend(self._rng.sample(every, k=len(every)))
        return waiting.popleft()

    def _asker(self, issue: Issue) -> str:
        people = people_who(issue.language, superfan=False)
        return self._rng.choices(people, [1 + 4 / (2 + place) for place in range(len(people))])[0].handle

    def _with_kudos(self, reply: SampleReply) -> SampleReply:
        slope, most = (0.95, 24) if reply.accepted_at else (1.9, 5)
        return replace(reply, kudos_by=long_tail(self._rng, slope, most, {reply.author}))

    def _nods(self, issue: Issue, author: str, *, fresh: bool) -> tuple[str, ...]:
        if fresh:
            return ()
        return long_tail(self._rng, 0.6 if issue.kind == "idea" else 2.2, 27, {author})

    def _sufferers(self, issue: Issue, author: str, *, fresh: bool) -> tuple[str, ...]:
        if issue.kind == "idea":
            return ()
        return long_tail(self._rng, 2.5 if fresh else 0.9 if issue.weight > 9 else 1.3, 3 if fresh else 21, {author})

    def _survey(
        self, issue: Issue, replies: tuple[SampleReply, ...], *, from_sandbox: bool
    ) -> tuple[Literal["yes", "no"] | None, str | None]:
        """Some askers of solved threads say whether they would have turned to support instead, and where."""
        solved = any(reply.accepted_at for reply in replies)
        lot = self._rng.random()
        if from_sandbox or not solved or issue.kind != "question" or lot > 0.62:
            return None, None
        if lot > 0.42:
            return "no", None
        return "yes", self._rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]


def _chatter(rng: Random, now: datetime) -> tuple[SandboxChatter, ...]:
    """Idle posts of the last ten days, each by somebody who writes that language."""
    texts = rng.sample(small_talk.CHATTER, k=len(small_talk.CHATTER))
    return tuple(
        SandboxChatter(
            rng.choice([one.handle for one in SANDBOX_CUSTOMERS if one.language == _language(text)]), text, at
        )
        for text, at in zip(texts, spread(rng, now, len(texts), days=10), strict=True)
    )


def _language(text: str) -> str:
    if text.isascii():
        return "en"
    return "zh-Hant" if "豆花又開" in text else "zh-Hans"
