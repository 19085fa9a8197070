"""The bench of routing is fair: nobody sees what came later, and the same tests are counted for every method."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.routing import before, hits_of, interval, split_of
from bench.routing_methods import METHODS, Case, Known
from bench.stack_exchange import Answered, Asked, Dump, read_dump
from tests.search.real_data import DATA, needs_data

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
MESH, BEER = 1, 2  # who answers about what; ten others answer once each


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def asked(number: int, tag: str, *, asker: int | None = 99, answer: int | None = None) -> Asked:
    return Asked(number, day(number), asker, answer, f"What about {tag}?", (tag,))


def answered(number: int, by: int, **facts: object) -> Answered:
    told = Answered(1000 + number, day(number + 0.1), by, number, "It was the beer or the mesh.", None, ())
    return replace(told, **facts)  # type: ignore[arg-type]


@pytest.fixture
def dump() -> Dump:
    """Ten busy members answer about beer twice each and leave; MESH answered about mesh once; then somebody asks about mesh."""
    questions = [asked(number, "beer", answer=1000 + number) for number in range(20)]
    answers = [answered(number, 10 + number % 10) for number in range(20)]
    questions += [asked(number, "mesh", answer=1000 + number) for number in range(20, 29)]
    answers += [answered(number, MESH) for number in (20, 21, 27, 28)]
    return Dump(questions, answers)


def named(method: str, dump: Dump, question: Asked, at: datetime | None = None) -> list[int]:
    return list(METHODS[method](Case(Known(dump), question, at or question.at)))


@pytest.mark.parametrize("method", METHODS)
def test_no_method_sees_an_answer_given_later(dump: Dump, method: str) -> None:
    question = dump.questions[21]
    known = before(dump, question.at)
    assert named(method, dump, question) == named(method, Dump(dump.questions, known.answers), question)
    assert named(method, dump, dump.questions[0]) == []


@pytest.mark.parametrize("method", METHODS)
def test_nobody_asks_the_asker_and_at_most_five_are_asked(dump: Dump, method: str) -> None:
    question = replace(dump.questions[28], asker=MESH)
    found = named(method, dump, question)
    assert MESH not in found
    assert len(found) == len(set(found)) <= 5


@pytest.mark.parametrize("method", METHODS)
def test_answers_that_say_nothing_harm_no_method(dump: Dump, method: str) -> None:
    silent = [replace(one, text="So it is.") for one in dump.answers]
    named(method, Dump(dump.questions, silent), dump.questions[28])


def test_routing_finds_whoever_knows_the_subject_where_most_active_does_not(dump: Dump) -> None:
    question = dump.questions[21]
    assert MESH not in named("most active", dump, question)
    assert named("routing: expertise", dump, question)[0] == MESH


def test_a_vote_or_mark_of_the_same_day_is_not_known_yet(dump: Dump) -> None:
    question = asked(29, "beer")
    today = question.at.replace(hour=0)
    questions = [*dump.questions, question]

    def first(day_of_votes: datetime) -> int:
        praised = [
            replace(one, accepted_on=day_of_votes, ups=(day_of_votes,) * 50) if one.by == 10 else one
            for one in dump.answers
        ]
        return named("routing: expertise", Dump(questions, praised), question)[0]

    assert first(today) == 19  # the latest of ten who answered as often
    assert first(today - timedelta(days=1)) == 10


def test_frozen_learns_nothing_of_the_later_part_and_rolling_does(dump: Dump) -> None:
    split = split_of(dump)
    assert split.at == day(20)
    assert [test.answerer for test in split.tests] == [MESH] * 4
    known, method = Known(dump), METHODS["routing: expertise"]
    assert hits_of(method, known, split.tests, split.at) == [False] * 4
    assert hits_of(method, known, split.tests, None) == [False, True, True, True]


def test_questions_answered_by_their_asker_are_counted_and_left_out(dump: Dump) -> None:
    questions = [replace(one, asker=MESH) if one.id == 28 else one for one in dump.questions]
    split = split_of(Dump(questions, dump.answers))
    assert (len(split.tests), split.own) == (3, 1)


def test_the_interval_is_paired_and_holds_the_difference() -> None:
    ours, theirs = [True] * 40 + [False] * 60, [True] * 20 + [False] * 80
    low, high = interval(ours, theirs)
    assert 0.1 < low < 0.2 < high < 0.3
    assert interval(ours, ours) == (0, 0)
    assert interval(ours, theirs) == interval(ours, theirs)


@needs_data("qa/beer")
def test_the_beer_dump_is_read_whole() -> None:
    dump = read_dump(DATA / "qa/beer")
    split = split_of(dump)
    assert (len(dump.questions), len(split.tests), split.own) == (591, 96, 3)
    assert all(one.at <= other.at for one, other in zip(dump.answers, dump.answers[1:], strict=False))
    assert sum(len(one.ups) for one in dump.answers) > 1000
    assert sum(one.accepted_on is not None for one in dump.answers) > 300


def test_both_ways_of_writing_tags_are_read(tmp_path: Path) -> None:
    row = '<row Id="{}" PostTypeId="1" CreationDate="2026-01-01T00:00:00.000" Title="T" Body="&lt;p&gt;a &amp;amp; b&lt;/p&gt;" Tags="{}" />'
    rows = row.format(1, "&lt;a&gt;&lt;b-c&gt;") + row.format(2, "|a|b-c|")
    (tmp_path / "Posts.xml").write_text(f"<posts>{rows}</posts>")
    (tmp_path / "Votes.xml").write_text("<votes></votes>")
    first, second = read_dump(tmp_path).questions
    assert first.tags == second.tags == ("a", "b-c")
    assert "a & b" in first.text
