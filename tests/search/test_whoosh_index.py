"""The index: what is found, what is not, and in which order."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.search.analyser import terms
from forum.search.port import Index, Query
from forum.search.whoosh_index import WhooshIndex
from tests.search.documents import document
from tests.search.real_data import DATA, needs_data, rows


def found(index: Index, text: str, **limits: object) -> list[int]:
    return [hit.thread_id for hit in index.search(Query(text, **limits)).hits]  # type: ignore[arg-type]


@pytest.fixture
def routers(index: WhooshIndex) -> WhooshIndex:
    index.put(
        [
            document(1, "Wi-Fi drops", "My R6 drops the wi-fi 6 network every minute since 4.2.1", board_id=1),
            document(2, "退款", "我要申请退款，谢谢", replies="已经退了", board_id=2, solved=True),
            document(3, "網路斷線", "請問網路一直斷線", replies="你試試 5 GHz", board_id=2),
            document(
                4, "Guest access", "Can guests print?", tags=("printer", "guest-network"), board_id=3, solved=True
            ),
            document(5, "The whole of it", "It is what it is", board_id=3),
        ]
    )
    return index


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退款", [2]),
        ("退", [2]),
        ("网路断线", [3]),
        ("網路", [3]),
        ("wifi", [1]),
        ("wifi 6", [1]),
        ("wifi-6", [1]),
        ("dropped the networks", [1]),
        ("what about the wifi", [1]),
        ("R6", [1]),
        ("4.2", [1]),
        ("4.2.1", [1]),
        ("4.2.2", []),
        ("5ghz", [3]),
        ("printers", [4]),
        ("guest network", [4]),
        ("wifi 退款", []),
        ("款退", []),
        ('"wifi drops"', [1]),
        ('"drops wifi"', []),
        ('"路一直断"', [3]),
        ("“申请退款”", [2]),
        ('"is what it"', [5]),
        ("it is", [5]),
        ("title:printer", []),
        ("*", []),
        ("", []),
    ],
)
def test_all_that_was_asked_for_must_occur(routers: WhooshIndex, text: str, expected: list[int]) -> None:
    assert found(routers, text) == expected


def test_no_phrase_reaches_from_the_title_into_the_question(index: WhooshIndex) -> None:
    index.put([document(1, "退", "款", "a", tags=("b", "c"))])
    assert found(index, "退 款") == [1]
    assert found(index, '"退 款"') == found(index, '"款 a"') == []


def test_a_word_in_the_title_counts_more_than_one_in_a_reply(index: WhooshIndex) -> None:
    index.put(
        [
            document(1, "Other", "text", "the firmware"),
            document(2, "Firmware", "other", "text"),
            document(3, "A", "firmware b"),
        ]
    )
    assert found(index, "firmware") == [2, 3, 1]


def test_boards_and_state_limit_what_is_found_without_changing_its_score(routers: WhooshIndex) -> None:
    free = routers.search(Query("退款")).hits
    assert routers.search(Query("退款", board_ids=(1, 2), solved=True)).hits == free
    assert found(routers, "退款", board_ids=(1,)) == []
    assert found(routers, "退款", board_ids=()) == []
    assert found(routers, "退款", solved=False) == []
    assert found(routers, "網路", solved=False) == [3]


def test_pages_are_disjoint_and_together_all(index: WhooshIndex) -> None:
    index.put([document(i, "router", "word " * i) for i in range(1, 51)])
    pages = [found(index, "router", limit=20, offset=offset) for offset in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [20, 20, 10, 0]
    assert sorted(number for page in pages for number in page) == list(range(1, 51))
    assert index.search(Query("router", limit=20, offset=40)).total == 50


def test_a_document_put_again_replaces_the_one_before(routers: WhooshIndex) -> None:
    assert found(routers, "退款") == [2]
    routers.put([document(2, "first"), document(2, "second")])
    assert found(routers, "退款") == found(routers, "first") == []
    assert found(routers, "second") == [2]
    assert routers.count() == 5


def test_many_small_commits_leave_few_files_and_every_board_in_its_place(index: WhooshIndex) -> None:
    for number in range(1, 81):
        index.put([document(number, "router", board_id=number % 3, solved=number % 2 == 0)])
        if number % 10 == 0:
            index.remove([number // 2])
    left = set(range(1, 81)) - {5, 10, 15, 20, 25, 30, 35, 40}
    assert len(list(index.folder.glob("*.seg"))) <= 4
    assert index.count() == len(left)
    for board in range(3):
        for solved in (True, False):
            expected = [number for number in left if number % 3 == board and (number % 2 == 0) == solved]
            assert sorted(found(index, "router", board_ids=(board,), solved=solved, limit=100)) == sorted(expected)
            assert index.search(Query("router", board_ids=(board,), solved=solved, limit=1)).total == len(expected)


def test_a_removed_document_is_gone_and_removing_it_twice_is_nothing(routers: WhooshIndex) -> None:
    assert found(routers, "wifi") == [1]
    for _ in range(2):
        routers.remove([1, 77])
        assert found(routers, "wifi") == []
        assert routers.count() == 4


def test_similar_threads_need_not_have_all_words(routers: WhooshIndex) -> None:
    assert [hit.thread_id for hit in routers.similar("the wifi drops after 斷線 yesterday")] == [1, 3]
    assert [hit.thread_id for hit in routers.similar("drops 斷線", but=1)] == [3]
    assert [hit.thread_id for hit in routers.similar("drops 退款", solved_only=True)] == [2]
    assert [hit.thread_id for hit in routers.similar("network 退款", board_ids=(1,))] == [1]
    assert len(routers.similar("network 退款 guests", limit=2)) == 2
    assert list(routers.similar("zzz")) == list(routers.similar("")) == []


def texts_with_refund() -> list[str]:
    dialogues = (turn["utterances"] for row in rows("mentions/helpdesk_zh_stc3.jsonl") for turn in row["turns"])
    texts = [text for utterances in dialogues for text in utterances]
    texts += [row["passage"] for row in rows("retrieval/rc_zh_drcd.jsonl")]
    return texts + [text for row in rows("retrieval/dup_zh_lcqmc.jsonl") for text in (row["a"], row["b"])]


@needs_data("mentions/helpdesk_zh_stc3.jsonl")
def test_refund_is_found_in_every_running_text_that_has_it(index: WhooshIndex) -> None:
    texts = texts_with_refund()
    having = {number for number, text in enumerate(texts) if "退款" in text}
    others = [number for number in range(0, len(texts), 7) if number not in having]
    index.put([document(number, "", texts[number]) for number in [*having, *others]])
    assert len(having) > 20
    assert set(found(index, "退款", limit=1_000)) == having
    assert set(found(index, "退", limit=1_000)) == {number for number in [*having, *others] if "退" in texts[number]}


@needs_data("hostile/blns.json")
def test_no_naughty_string_is_too_much_for_a_search(routers: WhooshIndex) -> None:
    for text in json.loads((DATA / "hostile/blns.json").read_text(encoding="utf-8")):
        assert routers.search(Query(text)).total <= 5
        assert len(routers.similar(text)) <= 5


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"“”*()~^[]:退款路 wifi-6.')), max_size=80))
def test_no_string_at_all_is_too_much_for_a_search(routers: WhooshIndex, text: str) -> None:
    hits = routers.search(Query(text))
    assert len(hits.hits) == min(hits.total, 20)
    assert len(routers.similar(text)) <= 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        alphabet=st.one_of(st.characters(categories=["L", "N", "P", "M"]), st.sampled_from("退款路 wifi-6.'")),
        max_size=40,
    )
)
def test_a_text_is_found_by_itself(index: WhooshIndex, text: str) -> None:
    index.clear()  # hypothesis seeds the chance that Whoosh names its files by, so no old ones may lie there
    index.put([document(1, text)])
    assert found(index, text) == ([1] if list(terms(text)) else [])


def test_marks_of_quotation_that_lead_nowhere_are_nothing(routers: WhooshIndex) -> None:
    for text in ('wifi"', '"wifi', '"" wifi', '"!" wifi', '"wifi" "drops" "minute" "network"'):
        assert found(routers, text) == [1]


def test_a_very_long_query_is_answered(routers: WhooshIndex) -> None:
    assert found(routers, "退款" * 50_000) == []
    assert routers.similar("我要申请退款，谢谢" * 50_000)[0].thread_id == 2
