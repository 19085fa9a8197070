"""Reading a dump: what is refused, what is left out by name, and the order in which things happen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum.importing.port import Accepted, DumpError, Happening, Member, Question, Vote
from forum.importing.stackexchange.dump import open_dump
from forum.importing.stackexchange.rows import rows_of
from forum.markup.renderer import MarkdownMarkup
from tests.importing.dumps import question, remark, reply, user, vote, write_dump

LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><users><row Id="1" DisplayName="&b;"/></users>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><users/>'


def happenings_of(folder: Path) -> tuple[list[tuple[str, Happening]], dict[str, int]]:
    with open_dump(folder, MarkdownMarkup().render) as dump:
        told = list(dump.happenings())
        assert dump.count() == len(told)
        return told, dict(dump.left_out)


@pytest.mark.parametrize("hostile", [LAUGHS, OUTSIDE])
def test_a_file_that_declares_anything_is_refused(tmp_path: Path, hostile: str) -> None:
    folder = write_dump(tmp_path, Posts=[])
    (folder / "Users.xml").write_text(hostile)
    with (
        pytest.raises(DumpError, match=r"Users\.xml declares a document type"),
        open_dump(folder, MarkdownMarkup().render),
    ):
        pass


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<users>\n<row Id='1'\n", r"Users\.xml is broken at line 2"),
        ("", r"Users\.xml is broken at line 1: no element found"),
        ("<users><row Id='1' DisplayName='&nbsp;'/></users>", "undefined entity"),
        ("<users>\n<member Id='1'/></users>", r"no file of a Stack Exchange dump: see line 2"),
        ("<users><row Id='1'><row Id='2'/></row></users>", "no file of a Stack Exchange dump"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "Users.xml"
    path.write_text(written)
    with pytest.raises(DumpError, match=said):
        list(rows_of(path))


@pytest.mark.parametrize("missing", ["Users", "Posts"])
def test_without_people_or_posts_there_is_no_dump(tmp_path: Path, missing: str) -> None:
    files = {"Users": [], "Posts": []}
    files.pop(missing)
    folder = write_dump(tmp_path, **files)
    with (
        pytest.raises(DumpError, match=rf"{missing}\.xml is not in the folder"),
        open_dump(folder, MarkdownMarkup().render),
    ):
        pass


def test_rows_are_streamed(tmp_path: Path) -> None:
    path = write_dump(tmp_path, Users=[user(number, "x" * 500) for number in range(2_000)]) / "Users.xml"
    path.write_bytes(path.read_bytes() + b"<")  # broken at its very end
    rows = rows_of(path)
    assert next(rows)["Id"] == "0"  # long before the end is looked at
    with pytest.raises(DumpError):
        list(rows)


def test_nothing_is_left_out_silently(tmp_path: Path) -> None:
    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada", Shoe="43"), {"Id": "2", "DisplayName": "No date"}, user(1, "Ada again")],
        Posts=[
            question(1, 1), reply(2, 1, 1), reply(3, 99, 1), {**question(4, 1), "PostTypeId": "5"},
            question(5, 1, AcceptedAnswerId="77"), {**question(6, 1), "CreationDate": "yesterday"}, reply(7, 4, 1),
        ],
        Comments=[remark(1, 2, 1), remark(2, 4, 1), {**remark(3, 2, 1), "UserId": "one"}],
        Votes=[vote(1, 2), vote(2, 4), vote(3, 2, 5), vote(4, 2, 1)],
        PostLinks=[
            {"Id": "1", "PostId": "1", "RelatedPostId": "5", "LinkTypeId": "1", "CreationDate": "2020-02-02"},
            {"Id": "2", "PostId": "1", "RelatedPostId": "2", "LinkTypeId": "3", "CreationDate": "2020-02-02"},
        ],
    )  # fmt: skip
    told, left_out = happenings_of(folder)
    assert [happening.kind for _day, happening in told] == [
        "member",
        "question",
        "question",
        "answer",
        "comment",
        "vote",
    ]
    assert left_out == {
        "values of Shoe in Users.xml, which this importer does not know": 1,
        "rows of Users.xml whose CreationDate is missing or cannot be read": 1,
        "rows of Users.xml whose Id another row has already": 1,
        "rows of Posts.xml whose CreationDate is missing or cannot be read": 1,
        "rows of Comments.xml whose UserId is missing or cannot be read": 1,
        "PostHistory.xml, a file that is not in the folder": 1,
        "posts of type 5 (neither a question nor an answer)": 1,
        "answers whose question is not in the dump": 2,
        "comments on posts that do not come in": 1,
        "up-votes and down-votes on posts that do not come in": 1,
        "dates of an acceptance that does not stand": 1,
        "votes of type 5 (neither up, down nor accepted)": 1,
        "accepted marks on an answer that is not in the dump": 1,
        "links of type 1 (no duplicate)": 1,
        "duplicate links without two threads": 1,
    }


def test_it_happens_by_date_and_what_has_a_day_alone_comes_at_its_end_by_number(tmp_path: Path) -> None:
    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada"), user(2, "Bob", CreationDate="2020-03-01T08:00:00")],
        Posts=[
            question(1, 1, AcceptedAnswerId="2"),
            reply(2, 1, 2),
            question(9, 2, CreationDate="2020-02-02T00:00:01"),
        ],
        Comments=[remark(1, 2, 1)],
        Votes=[vote(3, 2), vote(4, 2, 1), vote(5, 1, 3), vote(2, 1, day="2020-01-31")],
    )
    told, _left_out = happenings_of(folder)
    assert [(day, happening.kind, happening.remote_id) for day, happening in told] == [
        ("", "member", "1"), ("", "member", "2"),
        ("2020-02-01", "question", "1"), ("2020-02-01", "answer", "2"), ("2020-02-01", "comment", "1"),
        ("2020-02-01", "vote", "2"), ("2020-02-01", "vote", "3"), ("2020-02-01", "acceptance", "2"), ("2020-02-01", "vote", "5"),
        ("2020-02-02", "question", "9"),
    ]  # fmt: skip


def test_votes_and_acceptances_are_never_before_their_post(tmp_path: Path) -> None:
    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada")],
        Posts=[
            question(1, 1, AcceptedAnswerId="2"),
            reply(2, 1, 1),
            question(3, 1, AcceptedAnswerId="4"),
            reply(4, 3, 1),
        ],
        Votes=[vote(1, 2), vote(2, 2, day="2020-02-05"), vote(3, 2, 1), vote(4, 2, day="2019-05-05")],
    )
    told, _left_out = happenings_of(folder)
    answered = datetime(2020, 2, 1, 11, tzinfo=UTC)
    assert [happening.at for _day, happening in told if isinstance(happening, Vote)] == [
        answered, answered, datetime(2020, 2, 5, tzinfo=UTC),
    ]  # fmt: skip
    accepted = [happening for _day, happening in told if isinstance(happening, Accepted)]
    assert [(one.remote_id, (one.at - answered).total_seconds()) for one in accepted] == [("2", 1), ("4", 1)]


def test_an_answer_never_comes_before_its_question_nor_a_comment_before_its_post(tmp_path: Path) -> None:
    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada")],
        Posts=[reply(1, 2, 1, CreationDate="2020-01-01T00:00:00"), question(2, 1)],
        Comments=[remark(1, 1, 1, CreationDate="2020-01-01T00:00:00")],
    )
    told, _left_out = happenings_of(folder)
    assert [happening.kind for _day, happening in told] == ["member", "question", "answer", "comment"]


def test_who_has_left_stays_by_name_and_namesakes_of_the_left_are_one(tmp_path: Path) -> None:
    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada")],
        Posts=[
            question(1, None, OwnerDisplayName="user17"),
            reply(2, 1, 404, OwnerDisplayName="user17"),
            reply(3, 1, None),
        ],
        Comments=[remark(1, 1, None, UserDisplayName="user17")],
    )
    told, _left_out = happenings_of(folder)
    members = [happening for _day, happening in told if isinstance(happening, Member)]
    assert [(one.display_name, one.former) for one in members] == [
        ("Ada", False),
        ("Former member", True),
        ("user17", True),
    ] or [(one.display_name, one.former) for one in members] == [
        ("Ada", False),
        ("user17", True),
        ("Former member", True),
    ]
    left = next(one.remote_id for one in members if one.display_name == "user17")
    authors = [happening.author for _day, happening in told if happening.kind in ("question", "answer", "comment")]  # type: ignore[union-attr]
    assert authors.count(left) == 3


def test_a_post_has_its_last_text(tmp_path: Path) -> None:
    def history(number: int, kind: int, text: str, day: str) -> dict[str, str]:
        return {"Id": str(number), "PostHistoryTypeId": str(kind), "PostId": "1", "CreationDate": day, "Text": text}

    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada")],
        Posts=[question(1, 1, Body="<p>It <em>drips</em>.</p>", LastEditDate="2020-02-03T00:00:00", Tags="|cask|leak|")],
        PostHistory=[
            history(3, 5, "It *drips*.", "2020-02-03"), history(1, 2, "It runs.", "2020-02-01"), history(4, 1, "A title", "2020-02-04"),
        ],
    )  # fmt: skip
    told, _left_out = happenings_of(folder)
    asked = next(happening for _day, happening in told if isinstance(happening, Question))
    assert (asked.text, asked.notes, asked.tags) == ("It *drips*.", (), ("cask", "leak"))
    assert asked.edited_at == datetime(2020, 2, 3, tzinfo=UTC)


def test_what_came_in_before_does_not_happen_again(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, Users=[user(1, "Ada")], Posts=[question(1, 1)], Votes=[vote(1, 1)])
    with open_dump(folder, MarkdownMarkup().render) as dump:
        dump.forget("question", ["1"])
        dump.forget("vote", ["7"])
        assert [happening.kind for _day, happening in dump.happenings()] == ["member", "vote"]
        assert dump.count() == 2


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_cannot_be_true_leaves_its_row_out_and_stops_nothing(tmp_path: Path, written: str) -> None:
    wrong = {"CreationDate": written}
    folder = write_dump(
        tmp_path,
        Users=[user(1, "Ada"), user(2, "Bob") | wrong],
        Posts=[question(1, 1, AcceptedAnswerId="2"), reply(2, 1, 1) | wrong, reply(3, 1, 1)],
        Votes=[vote(1, 3), vote(2, 3) | wrong],
    )
    told, left_out = happenings_of(folder)
    assert [happening.kind for _day, happening in told] == ["member", "question", "answer", "vote"]
    for name in ("Users", "Posts", "Votes"):
        assert left_out[f"rows of {name}.xml whose CreationDate is missing or cannot be read"] == 1
