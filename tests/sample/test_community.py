"""The sample community reads like one, is the same every time, and names nobody who exists."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import combinations, pairwise

import pytest

from forum.sample.catalogue import ISSUES, RETOLD
from forum.sample.community import community
from forum.sample.content import Community, Issue, SampleThread
from forum.sample.people import PEOPLE, SANDBOX_CUSTOMERS
from forum.sample.variation import fitting

NOW = datetime(2026, 5, 7, 19, 20, tzinfo=UTC)
FOUND_IN_SHOPS = re.compile(
    r"\b(iphone|ipad|macbook|android|windows|samsung|huawei|xiaomi|netgear|tp-?link|asus|linksys|eero|ubiquiti|unifi|"
    r"fritz|netflix|youtube|playstation|xbox|nintendo|steam|zoom|teams|alexa|google|apple|amazon|whatsapp|paypal|"
    r"comcast|verizon|vodafone|telekom|bt|spotify|disney|chrome|firefox|safari|minecraft|dhl|fedex)\b"
    r"|微信|支付宝|淘宝|京东|华为|小米|电信公司|联通|中国移动|中華電信|蝦皮|抖音",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def sample() -> Community:
    return community(NOW)


def texts_of(thread: SampleThread) -> Iterator[str]:
    yield from (thread.title, thread.text)
    for reply in thread.replies:
        yield reply.text
        if reply.summary:
            yield reply.summary
        yield from (comment.text for comment in reply.comments)


def test_the_same_day_and_seed_give_the_same_community(sample: Community) -> None:
    assert community(NOW) == sample
    assert community(NOW, seed=2) != sample


def test_it_is_made_in_less_than_a_second() -> None:
    began = time.process_time()
    community(NOW, seed=3)
    assert time.process_time() - began < 1


def test_no_title_and_no_question_comes_twice(sample: Community) -> None:
    titles = Counter(thread.title.casefold() for thread in sample.threads)
    questions = Counter(thread.text.casefold() for thread in sample.threads)
    assert titles.most_common(1)[0][1] == 1
    assert questions.most_common(1)[0][1] == 1


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_placeholder_is_left_whatever_the_seed(seed: int) -> None:
    for thread in community(NOW, seed).threads:
        for text in texts_of(thread):
            assert not re.search(r"[{}«»]", text), text
            assert text == text.strip()
            assert text


def test_every_choice_in_every_text_is_well_formed() -> None:
    for issue in ISSUES:
        for text in wordings(issue):
            assert text.count("{") == text.count("}"), text
            assert not re.search(r"\{[^{}|]*[^a-z0-9{}|][^{}|]*\}", text), text  # a fact's name is one plain word


def test_every_question_has_a_title_and_an_answer() -> None:
    for issue in ISSUES:
        for number in range(len(issue.questions)):
            assert fitting(issue.titles, number), (issue.titles[0], number)
            assert issue.kind == "idea" or fitting(issue.answers, number), (issue.titles[0], number)


def test_dates_are_in_order_and_in_the_past(sample: Community) -> None:
    starts = [thread.at for thread in sample.threads]
    assert starts == sorted(starts)
    assert NOW - timedelta(days=160) < starts[0] < NOW - timedelta(days=120)
    for thread in sample.threads:
        times = [thread.at, *(reply.at for reply in thread.replies), NOW]
        assert all(earlier < later for earlier, later in pairwise(times))
        for reply in thread.replies:
            assert all(reply.at < comment.at < NOW for comment in reply.comments)
            assert reply.accepted_at is None or reply.at < reply.accepted_at < NOW


def test_the_last_hours_have_open_threads(sample: Community) -> None:
    fresh = [thread for thread in sample.threads if NOW - thread.at < timedelta(hours=6)]
    assert len(fresh) >= 5
    assert all(thread.accepted is None for thread in fresh)


def test_lately_more_is_asked_than_months_ago(sample: Community) -> None:
    newer = sum(NOW - thread.at < timedelta(days=75) for thread in sample.threads)
    assert newer > 0.55 * len(sample.threads)


def test_boards_have_their_share(sample: Community) -> None:
    counts = Counter(thread.board_slug for thread in sample.threads)
    assert set(counts) == {board.slug for board in sample.boards}
    assert len(sample.boards) == 6
    assert 280 <= len(sample.threads) <= 360
    assert min(counts.values()) >= 20
    assert counts["zhongwen"] >= 60
    kinds = {board.slug: board.kind for board in sample.boards}
    assert all(thread.kind == kinds[thread.board_slug] for thread in sample.threads)


@pytest.mark.parametrize("seed", range(1, 6))
def test_about_two_thirds_are_solved_some_of_them_this_week(seed: int) -> None:
    threads = community(NOW, seed).threads
    accepted = [reply for thread in threads if (reply := thread.accepted) is not None]
    assert 0.58 <= len(accepted) / len(threads) <= 0.72
    this_week = [one for one in accepted if one.accepted_at and NOW - one.accepted_at < timedelta(days=7)]
    assert 5 <= len(this_week) <= len(accepted) / 4
    superfans = {person.handle for person in PEOPLE if person.superfan}
    assert sum(one.author in superfans for one in accepted) > 0.6 * len(accepted)
    assert sum(not thread.replies for thread in threads) >= 10


def test_an_answer_is_accepted_by_the_asker_or_who_may_and_carries_its_summary(sample: Community) -> None:
    agents = {person.handle for person in PEOPLE if person.role == "agent"}
    superfans = {person.handle for person in PEOPLE if person.superfan}
    for thread in sample.threads:
        assert sum(reply.accepted_at is not None for reply in thread.replies) <= 1
        answer = thread.accepted
        if answer is None:
            assert thread.would_have_contacted is None
            continue
        assert answer.author != thread.author
        assert answer.accepted_by in agents | (superfans if thread.from_sandbox else {thread.author})
        assert answer.accepted_by != answer.author
        assert answer.summary is not None
        assert len(answer.summary) <= 300


def test_the_survey_names_a_channel_with_a_yes_only(sample: Community) -> None:
    answers = Counter(thread.would_have_contacted for thread in sample.threads)
    assert answers["yes"] > answers["no"] > 10
    for thread in sample.threads:
        assert (thread.channel is not None) == (thread.would_have_contacted == "yes")
        assert not (thread.from_sandbox and thread.would_have_contacted)


def test_kudos_are_long_tailed_and_never_ones_own(sample: Community) -> None:
    handles = {person.handle for person in PEOPLE}
    given = []
    for thread in sample.threads:
        assert thread.author not in thread.kudos_by + thread.same_problem_by
        for post in (*thread.replies, thread):
            assert post.author not in post.kudos_by
            assert len(set(post.kudos_by)) == len(post.kudos_by)
            assert handles >= set(post.kudos_by)
            given.append(len(post.kudos_by))
    given.sort()
    assert given[len(given) // 2] <= 2
    assert given[-1] >= 15


def test_some_threads_come_from_the_sandbox(sample: Community) -> None:
    mentions = [thread for thread in sample.threads if thread.from_sandbox]
    handles = {customer.handle for customer in SANDBOX_CUSTOMERS}
    assert 15 <= len(mentions) <= 60
    assert any(thread.accepted for thread in mentions)
    for thread in mentions:
        assert thread.author in handles
        assert "@routerly" in thread.text
        assert "@" not in thread.title
        assert len(thread.text) <= 300


def test_idle_posts_never_turn_to_the_brand(sample: Community) -> None:
    assert len(sample.sandbox_chatter) >= 15
    languages = {customer.handle: customer.language for customer in SANDBOX_CUSTOMERS}
    for post in sample.sandbox_chatter:
        assert "routerly" not in post.text.lower()
        assert post.at < NOW
        assert (languages[post.author] == "en") == post.text.isascii()


def test_forty_people_with_names_of_their_own() -> None:
    assert len(PEOPLE) == 40
    assert len({person.name for person in PEOPLE}) == 40
    handles = [one.handle for one in (*PEOPLE, *SANDBOX_CUSTOMERS)]
    assert len(set(handles)) == len(handles)
    roles = Counter(person.role for person in PEOPLE)
    assert roles == {"customer": 34, "agent": 3, "moderator": 1, "finance": 1, "admin": 1}
    assert sum(person.superfan for person in PEOPLE) == 8
    assert all(person.joined_days_ago > 160 for person in PEOPLE)
    full = [person.name for person in PEOPLE if re.fullmatch(r"[A-Z]\w+ [A-Z]\w{2,}", person.name)]
    assert full == []  # a first name and at most an initial, so that nobody real is meant


def test_people_write_in_their_own_language(sample: Community) -> None:
    languages = {one.handle: one.language for one in (*PEOPLE, *SANDBOX_CUSTOMERS)}
    for thread in sample.threads:
        for author in (thread.author, *(reply.author for reply in thread.replies)):
            assert languages[author] == thread.language, (author, thread.title)


def test_no_brand_and_no_handle_from_outside_is_named(sample: Community) -> None:
    allowed = {"routerly"}
    for thread in sample.threads:
        for text in texts_of(thread):
            assert not FOUND_IN_SHOPS.search(text), text
            assert set(re.findall(r"@(\w+)", text)) <= allowed, text
    for person in PEOPLE:
        assert not FOUND_IN_SHOPS.search(person.bio), person.bio


def test_staff_never_speaks_of_its_own_home(sample: Community) -> None:
    agents = {person.handle for person in PEOPLE if person.role == "agent"}
    said = [reply.text for thread in sample.threads for reply in thread.replies if reply.author in agents]
    assert said
    assert not [text for text in said if re.search(r"\b(for me|my line|mine|our street)\b|我家", text, re.IGNORECASE)]


def test_two_threads_are_hardly_ever_told_in_the_same_words(sample: Community) -> None:
    begun = Counter(thread.text[-90:] for thread in sample.threads)
    assert sum(times - 1 for times in begun.values()) <= 3
    told: dict[tuple[str, ...], list[str]] = {}
    for thread in sample.threads:
        told.setdefault(thread.tags, []).append(thread.text)
    pairs = [pair for texts in told.values() for pair in combinations(texts, 2)]
    alike = [pair for pair in pairs if SequenceMatcher(None, *pair, autojunk=False).ratio() > 0.75]
    assert len(alike) <= len(sample.threads) / 12


def test_more_wordings_belong_to_issues_that_exist() -> None:
    named = {(issue.language, issue.name) for issue in ISSUES if issue.kind == "question"}
    assert len(named) == sum(issue.kind == "question" for issue in ISSUES)
    for language, issues in RETOLD.items():
        assert {(language, name) for name in issues} <= named


def wordings(issue: Issue) -> Iterator[str]:
    for pool in (issue.titles, issue.questions, issue.answers, issue.partial, issue.same, issue.thanks):
        yield from pool
    yield from (*issue.comments, *issue.mentions, *issue.retold, issue.summary)
    for pair in (*issue.asks, *issue.followups):
        yield from pair
