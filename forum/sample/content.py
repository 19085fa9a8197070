"""What the sample community is made of: the shapes that authors of sample text fill in, and the shapes that come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Issue:
    """One thing that people ask about, with several ways to say everything.

    Texts hold `{name}` for a fact of the thread (the same in question and answers) and `{this|that}` for a choice.
    A text may begin with a mark that says where it fits: `«02»` with the questions number 0 and 2 only, `«:1»` with
    the answer number 1 only, `«2:0»` with both. Without a mark it fits everywhere.
    """

    board: str
    tags: tuple[str, ...]  # the first names the issue where more wordings are kept elsewhere, unless `known_as` does
    titles: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    summary: str  # the answer in a sentence or two, plain, as it is mirrored to a network
    language: str = "en"
    kind: str = "question"
    partial: tuple[str, ...] = ()  # wrong or incomplete replies
    asks: tuple[tuple[str, str], ...] = ()  # a helper asks back, the asker answers
    followups: tuple[tuple[str, str], ...] = ()  # the asker wants to know more, the answerer explains
    same: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()  # the question as a post on the sandbox network
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retold: tuple[str, ...] = ()  # more wordings; the mark's first number says of which question
    known_as: str = ""
    technical: bool = True  # devices come into it; remarks about firmware and restarts would make sense
    weight: int = 6  # how many threads of it, about

    @property
    def name(self) -> str:
        return self.known_as or self.tags[0]


@dataclass(frozen=True)
class SampleBoard:
    slug: str
    name: str
    description: str
    kind: str  # of the threads there
    language: str


@dataclass(frozen=True)
class SamplePerson:
    handle: str
    name: str
    role: Literal["customer", "agent", "moderator", "finance", "admin"]
    superfan: bool
    bio: str
    language: str  # BCP 47: en, zh-Hans, zh-Hant
    joined_days_ago: int


@dataclass(frozen=True)
class SandboxCustomer:
    handle: str
    name: str
    language: str


@dataclass(frozen=True)
class SandboxChatter:
    """A post on the sandbox network that has nothing to do with the brand."""

    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class SampleComment:
    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class SampleReply:
    author: str
    text: str
    at: datetime
    accepted_at: datetime | None
    accepted_by: str | None
    comments: tuple[SampleComment, ...]
    kudos_by: tuple[str, ...]
    summary: str | None  # of a right answer, plain and short enough for a network


@dataclass(frozen=True)
class SampleThread:
    board_slug: str
    author: str  # a person's handle; from the sandbox, a sandbox customer's
    title: str
    text: str
    tags: tuple[str, ...]
    kind: str
    language: str
    at: datetime
    replies: tuple[SampleReply, ...]
    kudos_by: tuple[str, ...]
    same_problem_by: tuple[str, ...]
    from_sandbox: bool
    would_have_contacted: Literal["yes", "no"] | None
    channel: str | None  # phone, chat, e-mail, store; with "yes" only

    @property
    def accepted(self) -> SampleReply | None:
        return next((reply for reply in self.replies if reply.accepted_at is not None), None)


@dataclass(frozen=True)
class Community:
    site_name: str
    boards: tuple[SampleBoard, ...]
    people: tuple[SamplePerson, ...]
    threads: tuple[SampleThread, ...]  # oldest first
    sandbox_customers: tuple[SandboxCustomer, ...]
    sandbox_chatter: tuple[SandboxChatter, ...]
