"""Who read the sample's solved threads: reader-weeks with their readings, and what those drawn for the survey said.

They are written in bulk and as rows, since nobody signed in did them and there are thousands. The ledger's rows come from
the daily job, as in life.
"""

from __future__ import annotations

import secrets
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forum.actions.find_bots import MOST_VIEWS_IN_A_WEEK, VIEWS_IN_A_WEEK
from forum.ledger.reader_week import MonthViews, ReaderSalt, ReaderWeek, Reading, ThreadViews
from forum.ledger.survey import Survey
from forum.ledger.viewing import due_of, end_of, week_of
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

DRAW_SHARE = 3000  # hundredths of a percent: far more than a real site would ask, so that a small one knows enough
ANSWERING = 0.45  # of those who were drawn
FEWEST, MORE = 90, 330  # readers of the first week, and how many more there are by now
MEMBERS, BOTS = 0.05, 0.02
WEEK = timedelta(days=7)
CHANNELS = {"phone": 46, "chat": 30, "email": 17, "store": 7}
_HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 6, 6, 7, 7, 7, 8, 9, 10, 11, 9, 6, 4)


@dataclass(frozen=True)
class Answer:
    """An accepted answer by a member, which is what a reading is of."""

    acceptance_id: int
    thread_id: int
    accepted_at: datetime


@dataclass(frozen=True)
class Visit:
    """One reader in one week, before it has a number. `reads` are in order, the first time of each answer alone."""

    week: date
    reads: Sequence[tuple[Answer, datetime]]
    views: int
    account: Account | None
    bot: bool
    drawn: bool

    @property
    def key(self) -> str:
        """A signed-out reader's hash tells nothing to anybody, now that its salt is gone; so it may as well be random."""
        return f"a:{self.account.id}" if self.account else secrets.token_hex(32)


def plant_readers(session: Session, zone: tzinfo, days: int, now: datetime, seed: int = 1) -> int:
    """How many reader-weeks there are from the first accepted answer to `now`. `days`: how long one waits after its week."""
    rng = Random(seed)  # noqa: S311 - figures, no secrets
    answers = _answers(session)
    if not answers:
        return 0
    people = session.scalars(select(Account).order_by(Account.id)).all()
    visits = [
        visit
        for monday, share in _weeks(answers[0].accepted_at, zone, now)
        for visit in _visits(rng, answers, people, _Week(monday, zone, now), round(FEWEST + MORE * share**0.5))
    ]
    _write(session, rng, visits, zone, days)
    return len(visits)


@dataclass(frozen=True)
class _Week:
    monday: date
    zone: tzinfo
    now: datetime

    @property
    def begins(self) -> datetime:
        return end_of(self.monday - WEEK, self.zone)

    @property
    def ends(self) -> datetime:
        return min(self.now, end_of(self.monday, self.zone))

    def moment(self, rng: Random) -> datetime:
        """Some time of it, more in the evening; it may lie after `now`."""
        hour = rng.choices(range(24), _HOURS)[0]
        return self.begins + timedelta(days=rng.randrange(7), hours=hour, seconds=rng.randrange(3600))


def _answers(session: Session) -> Sequence[Answer]:
    rows = session.execute(
        select(Acceptance.id, Acceptance.thread_id, Acceptance.accepted_at)
        .join(Post, Post.id == Acceptance.post_id)
        .where(Post.by_staff.is_(False), Acceptance.withdrawn_at.is_(None))
        .order_by(Acceptance.accepted_at, Acceptance.id)
    )
    return [Answer(*row) for row in rows]


def _weeks(first: datetime, zone: tzinfo, now: datetime) -> Sequence[tuple[date, float]]:
    """Each Monday, with how far along it lies: 0 to 1."""
    monday = week_of(first, zone)
    count = (week_of(now, zone) - monday).days // 7 + 1
    return [(monday + number * WEEK, number / max(1, count - 1)) for number in range(count)]


def _visits(
    rng: Random, answers: Sequence[Answer], people: Sequence[Account], week: _Week, count: int
) -> Sequence[Visit]:
    """People who are known come once a week at most; whoever would have come after `now` has not come yet."""
    known = rng.sample(people, k=min(len(people), round(count * MEMBERS)))
    popular = list(accumulate(_pull(answer) for answer in answers))
    accepted = [answer.accepted_at for answer in answers]
    found = []
    for number in range(count):
        account = known[number] if number < len(known) else None
        bot = account is None and rng.random() < BOTS
        began = week.moment(rng)
        reads: dict[int, tuple[Answer, datetime]] = {}
        views = rng.randrange(MOST_VIEWS_IN_A_WEEK + 1, 4_000) if bot else 1 + int(rng.expovariate(0.9))
        for step in range(min(views, 12)):
            at = began + timedelta(seconds=step * (4 if bot else rng.randrange(40, 600)))
            there = bisect_left(accepted, at)
            if at < week.ends and there:
                chosen = answers[bisect_left(popular, rng.random() * popular[there - 1])]
                reads.setdefault(chosen.acceptance_id, (chosen, at))
        if reads:
            drawn = rng.random() < DRAW_SHARE / 10_000
            found.append(Visit(week.monday, list(reads.values()), views, account, bot, drawn))
    return found


def _pull(answer: Answer) -> float:
    """How much is read there: the same on each day, a few a lot and most a little."""
    return Random(answer.thread_id).lognormvariate(0, 1.1)  # noqa: S311


def _write(session: Session, rng: Random, visits: Sequence[Visit], zone: tzinfo, days: int) -> None:
    rows = [_row(visit, due_of(visit.week, zone, days)) for visit in visits]
    ids = session.scalars(insert(ReaderWeek).returning(ReaderWeek.id, sort_by_parameter_order=True), rows).all()
    numbered = list(zip(ids, visits, strict=True))
    session.execute(
        insert(Reading),
        [
            {"reader_week_id": week_id, "acceptance_id": one.acceptance_id, "thread_id": one.thread_id, "first_at": at}
            for week_id, visit in numbered
            for one, at in visit.reads
        ],
    )
    surveys = [_survey(rng, week_id, visit) for week_id, visit in numbered if _answers_the_survey(rng, visit)]
    if surveys:
        session.execute(insert(Survey), surveys)
    _write_views(session, visits, zone)
    weeks = sorted({visit.week for visit in visits})
    session.add_all(ReaderSalt(week=week, number=1, made_at=end_of(week - WEEK, zone)) for week in weeks)
    session.flush()


def _row(visit: Visit, due_at: datetime) -> dict[str, Any]:
    first, last = visit.reads[0][1], visit.reads[-1][1]
    return {
        "week": visit.week,
        "reader": visit.key,
        "account_id": visit.account.id if visit.account else None,
        "by_staff": visit.account is not None and visit.account.is_staff,
        "first_at": first,
        "last_at": last,
        "views": visit.views,
        "drawn": visit.drawn,
        "draw_share": DRAW_SHARE,
        "bot_at": last if visit.bot else None,
        "bot_why": VIEWS_IN_A_WEEK if visit.bot else None,
        "due_at": due_at,
    }


def _answers_the_survey(rng: Random, visit: Visit) -> bool:
    """Members are left out of it: whoever wrote in a thread is not asked there."""
    return visit.drawn and not visit.bot and visit.account is None and rng.random() < ANSWERING


def _survey(rng: Random, week_id: int, visit: Visit) -> Mapping[str, Any]:
    """One question after the other, until a no or until they have had enough of questions."""
    answer, at = rng.choice(visit.reads)
    said: dict[str, str | None] = dict.fromkeys(("problem", "found", "contact", "enough"))
    for question, share in (("problem", 0.76), ("found", 0.58), ("contact", 0.31), ("enough", 0.78)):
        said[question] = "yes" if rng.random() < share else "no"
        if said[question] == "no" or rng.random() < 0.05:
            break
    begun = at + timedelta(seconds=rng.randrange(20, 90))
    return {
        "reader_week_id": week_id,
        "thread_id": answer.thread_id,
        **said,
        "channel": rng.choices(list(CHANNELS), list(CHANNELS.values()))[0] if said["contact"] == "yes" else None,
        "begun_at": begun,
        "answered_at": begun + timedelta(seconds=rng.randrange(3, 40)),
    }


def _write_views(session: Session, visits: Sequence[Visit], zone: tzinfo) -> None:
    """What was opened, by month; of a bot only what came before it was known as one."""
    opened: Counter[tuple[date, int]] = Counter()
    for visit in visits:
        for place in range(len(visit.reads) if visit.bot else visit.views):
            answer, at = visit.reads[place % len(visit.reads)]
            opened[at.astimezone(zone).date().replace(day=1), answer.thread_id] += 1
    rows = [
        {"month": month, "thread_id": thread_id, "views": views} for (month, thread_id), views in sorted(opened.items())
    ]
    session.execute(insert(ThreadViews), rows)
    months: Counter[date] = Counter()
    for (month, _thread), views in opened.items():
        months[month] += views
    session.execute(insert(MonthViews), [{"month": month, "views": views} for month, views in sorted(months.items())])
