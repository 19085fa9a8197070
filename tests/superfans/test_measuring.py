"""What is measured of members equals a plain recount, on both databases, in the same few queries for any number of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.actions.measure_members import measure
from forum.actions.measure_writing import words_in
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.superfans.metrics import METRICS, NAMED
from tests.cast import Cast, person
from tests.scene import NOON, Stage
from tests.superfans.random_community import NOW, ZONE, RandomCommunity
from tests.superfans.recount import Everything, Recount


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@contextmanager
def queries(session: Session) -> Iterator[list[str]]:
    asked: list[str] = []
    engine = session.get_bind()
    assert isinstance(engine, Engine)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def recount(rows: Everything, member: int) -> dict[str, Decimal | int | None]:
    found = {}
    for metric in METRICS:
        for days, name in zip([None, *metric.windows], metric.names, strict=True):
            found[name] = getattr(Recount(rows, member, days, NOW, ZONE), metric.name)()
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_metric_equals_a_plain_recount(session: Session, seed: int) -> None:
    members = RandomCommunity(session, seed).settle()
    measured = measure(session, members, NOW, ZONE)
    assert list(measured) == members
    rows = Everything(session)
    for member in members:
        assert measured[member] == recount(rows, member), member
        assert measured[member].keys() == NAMED.keys()


def test_the_random_community_gives_every_metric_something_to_count(session: Session) -> None:
    """Else the recount above would compare nothing with nothing."""
    members = RandomCommunity(session, 0).settle()
    measured = measure(session, members, NOW, ZONE).values()
    for name in NAMED:
        assert len({values[name] for values in measured}) > 1, name


def test_some_are_measured_as_all_are(session: Session) -> None:
    members = RandomCommunity(session, 7).settle()
    everybody = measure(session, None, NOW, ZONE)
    assert 0 < len(everybody) < len(members), "the closed accounts are left out"
    for member in everybody:
        assert measure(session, [member], NOW, ZONE) == {member: everybody[member]}


def test_wanting_some_metrics_alone_gives_the_same_values_of_them(session: Session) -> None:
    members = RandomCommunity(session, 8).settle()
    everything = measure(session, members, NOW, ZONE)
    for metric in METRICS:
        some = measure(session, members, NOW, ZONE, wanted={metric.names[-1]})
        assert some == {member: {metric.names[-1]: everything[member][metric.names[-1]]} for member in members}
    with pytest.raises(KeyError):
        measure(session, members, NOW, ZONE, wanted={"solutions_8d"})


def test_the_number_of_queries_depends_on_nothing_but_what_is_wanted(session: Session) -> None:
    few = RandomCommunity(session, 9, people=3, threads=2).settle()
    with queries(session) as for_few:
        measure(session, few[:1], NOW, ZONE)
    many = [*few, *more_people(session)]
    with queries(session) as for_many:
        measure(session, many, NOW, ZONE)
    with queries(session) as for_all:
        measure(session, None, NOW, ZONE)
    with queries(session) as for_one_metric:
        measure(session, many, NOW, ZONE, wanted={"points"})
    assert len(for_few) == len(for_many) == len(for_all) == 17
    assert len(for_one_metric) == 2


def test_nobody_and_a_stranger_are_measured_too(session: Session, cast: Cast) -> None:
    assert measure(session, [], NOW, ZONE) == {}
    values = measure(session, [cast.mallory.id], NOON, UTC)[cast.mallory.id]
    assert values["solutions"] == values["points_7d"] == values["streak_weeks"] == 0
    assert values["acceptance_rate"] is values["median_first_response_minutes"] is None
    assert values["days_since_last_answer"] is None
    assert values["days_member"] == (NOON.date() - cast.mallory.created_at.date()).days


def test_an_acceptance_counts_and_its_withdrawal_takes_it_away(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    thread = stage.thread(cast.ada)
    post = stage.answer(thread, cast.bob)
    accept_answer(session, thread, post, cast.ada, now=stage.clock())
    values = measure(session, [cast.bob.id], stage.clock(), UTC)[cast.bob.id]
    assert values["solutions"] == values["solutions_7d"] == values["net_solutions_7d"] == 1
    assert values["threads_accepted_by_asker"] == values["solved_first_reply"] == values["people_helped"] == 1
    assert (values["acceptance_rate"], values["median_first_response_minutes"]) == (Decimal("1"), Decimal("1"))
    assert values["points_30d"] == cast.bob.points > 0
    later = stage.clock.pass_by(days=10)
    withdraw_acceptance(session, thread, cast.ada, now=later)
    values = measure(session, [cast.bob.id], later, UTC)[cast.bob.id]
    assert values["solutions"] == values["net_solutions"] == values["points"] == values["acceptance_rate"] == 0
    assert (values["reversals_7d"], values["net_solutions_7d"], values["net_solutions_30d"]) == (1, -1, 0)


def test_nothing_counts_in_ones_own_thread_or_by_ones_own_word(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    board = stage.board()
    own = stage.thread(cast.ann, board)
    accept_answer(session, own, stage.answer(own, cast.ann), cast.ann, now=stage.clock())
    other = stage.thread(cast.ada, board)
    accept_answer(session, other, stage.answer(other, cast.ann), cast.ann, now=stage.clock())
    values = measure(session, [cast.ann.id], stage.clock(), UTC)[cast.ann.id]
    assert values["solutions"] == values["mod_accepted"] == values["acceptance_rate"] == 0
    assert values["answers"] == 1


def test_a_hidden_answer_counts_for_nothing(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    thread = stage.thread(cast.ada)
    post = stage.answer(thread, cast.bob)
    accept_answer(session, thread, post, cast.ada, now=stage.clock())
    give_kudos(session, thread, post, cast.sue, stage.clock())
    post.hidden_at = stage.clock()
    session.flush()
    values = measure(session, [cast.bob.id], stage.clock(), UTC)[cast.bob.id]
    counted = {name for name, value in values.items() if value and not name.startswith(("points", "days_member"))}
    assert counted == set()


def test_kudos_taken_back_are_gone(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    thread = stage.thread(cast.ada)
    post = stage.answer(thread, cast.bob)
    give_kudos(session, thread, post, cast.sue, stage.clock())
    people = [cast.bob.id, cast.sue.id]
    before = measure(session, people, stage.clock(), UTC)
    assert (before[cast.bob.id]["kudos_received_7d"], before[cast.sue.id]["kudos_given"]) == (1, 1)
    take_back_kudos(session, thread, post, cast.sue, stage.clock())
    after = measure(session, people, stage.clock(), UTC)
    assert (after[cast.bob.id]["kudos_received_7d"], after[cast.sue.id]["kudos_given"]) == (0, 0)


def test_a_window_begins_at_midnight_of_the_company_and_counts_today(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    zone = ZoneInfo("America/New_York")
    stage.clock.now = datetime(2026, 10, 26, 3, 59, tzinfo=UTC)  # 23:59 on the 25th in New York
    stage.answer(stage.thread(cast.ada), cast.bob)
    answered = stage.clock()
    assert answered.astimezone(zone).isoformat() == "2026-10-26T00:01:00-04:00"
    last = datetime(2026, 11, 1, 23, 59, tzinfo=zone)  # the clocks were put back that morning
    for now, expected in ((last, 1), (last + timedelta(minutes=1), 0)):
        values = measure(session, [cast.bob.id], now.astimezone(UTC), zone)[cast.bob.id]
        assert (values["answers_7d"], values["answers_30d"]) == (expected, 1)


def test_a_streak_is_not_broken_by_a_week_that_is_not_over(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    board = stage.board()
    for day in (2, 8, 9, 23, 30):  # of March 2026: weeks of the 2nd and 9th, 23rd and 30th
        stage.clock.now = datetime(2026, 3, day, 12, tzinfo=UTC)
        stage.answer(stage.thread(cast.ada, board), cast.bob)
    for day, streak in (((3, 31), 2), ((4, 5), 2), ((4, 12), 2), ((4, 13), 0)):
        values = measure(session, [cast.bob.id], datetime(2026, *day, 12, tzinfo=UTC), UTC)[cast.bob.id]
        assert (values["streak_weeks"], values["longest_streak_weeks"]) == (streak, 2)


def test_words_are_counted_in_every_script() -> None:
    assert words_in("Choose channel 36, then re-start.") == 6
    assert words_in("重启路由器 ok") == 6
    assert words_in("Перезагрузите роутер") == 2
    assert words_in("공유기를 다시 시작하세요") == 3
    assert words_in(" \n – ") == 0


def more_people(session: Session) -> list[int]:
    people = [person(f"more{number}") for number in range(30)]
    session.add_all(people)
    session.commit()
    return [one.id for one in people]
