"""The sample's private board: what superfans and staff say among themselves, told through the same actions as everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.answer import answer
from forum.actions.ask import ask
from forum.kernel.database import writing
from forum.markup.port import Markup
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.people.roles import Role
from forum.sample.people import PEOPLE
from forum.threads.board import Board

FANS = 3  # who speak here


@dataclass(frozen=True)
class Said:
    """`by`: "staff", or which of the superfans. `hours` after what was said before."""

    by: str | int
    text: str
    hours: float = 3


@dataclass(frozen=True)
class Talk:
    title: str
    tags: tuple[str, ...]
    days_ago: int
    said: tuple[Said, ...]  # the first opens it


TALKS = (
    Talk(
        "Welcome, and what this board is for", ("lounge",), 20,
        (
            Said("staff", "Only superfans and the team can read this board. Use it for whatever is easier said among ourselves: a question that you would rather not answer alone, an article that needs a second pair of eyes, or a rule of ours that gets in your way.\n\nNothing said here goes out to a network, and nothing here counts for the report."),
            Said(0, "Good. First wish: tell us a day before a firmware goes out, so that we are not the last to hear why everybody asks about the same light.", 5),
            Said("staff", "Fair. From now on a note stands here the day before, with what changes and what we expect you will be asked.", 18),
        ),
    ),
    Talk(
        "Firmware 4.2 next Tuesday: what you will be asked", ("firmware", "lounge"), 9,
        (
            Said("staff", "It goes out in the night to Tuesday, a tenth of the boxes first.\n\n- The light blinks white for up to six minutes. That is the update, not a fault.\n- Who has a fixed channel keeps it. Who is on automatic will be moved once.\n- The guest network gets a new name only if it was never renamed.\n\nIf something else turns up, write it here first and we will look at once."),
            Said(1, "Does bridge mode survive it this time? After the last one I must have typed the same answer twenty times.", 2),
            Said("staff", "It does. That was the bug, and it is the first line of the release notes.", 1),
            Said(2, "Then I would like one good article to point to instead of twenty answers. I can draft it until Sunday.", 4),
        ),
    ),
    Talk(
        "How do you tell somebody that it is their cable?", ("answering", "lounge"), 3,
        (
            Said(2, "Twice this week the fault was a kinked cable, and both times the asker felt blamed when I said so. How do you put it?"),
            Said(0, "I ask them to swap it \"so that we can rule it out\". Nobody minds ruling things out, and half of them find it themselves.", 1.5),
            Said(1, "Same. And I tell them that mine died the same way, which is true.", 6),
        ),
    ),
)  # fmt: skip


def plant_lounge(sessions: sessionmaker[Session], markup: Markup, now: datetime) -> int:
    """How many threads; none where too few of the superfans may enter."""
    with writing(), sessions.begin() as session:
        staff = session.scalars(select(Account).where(Account.role == Role.AGENT).order_by(Account.id)).first()
        fans = _fans(session)
        if staff is None or len(fans) < FANS:
            return 0
        since = now - timedelta(days=max(talk.days_ago for talk in TALKS) + 1)
        board = Board(
            slug="lounge", name="Superfan lounge", description="Among superfans and the team. Nobody else can see it.",
            kind="discussion", position=session.scalar(select(func.count()).select_from(Board)) or 0, created_at=since,
            private_since=since,
        )  # fmt: skip
        session.add(board)
        session.flush()
        for talk in TALKS:
            _tell(session, board, talk, {"staff": staff, **dict(enumerate(fans))}, markup, now)
    return len(TALKS)


def _fans(session: Session) -> list[Account]:
    names = [person.handle for person in PEOPLE if person.superfan and person.language == "en"]
    accounts = {one.name: one for one in session.scalars(select(Account).where(Account.name.in_(names)))}
    return [accounts[name] for name in names if may(accounts.get(name), Act.ENTER_PRIVATE_BOARDS)]


def _tell(
    session: Session, board: Board, talk: Talk, people: dict[str | int, Account], markup: Markup, now: datetime
) -> None:
    first, *others = talk.said
    at = now - timedelta(days=talk.days_ago)
    thread = ask(
        session, board, people[first.by], title=talk.title, text=first.text, tags=talk.tags, language="en",
        markup=markup, now=at,
    )  # fmt: skip
    for one in others:
        at += timedelta(hours=one.hours)
        answer(session, thread, people[one.by], text=one.text, markup=markup, now=at)
