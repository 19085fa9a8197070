"""Reading contact files: bytes to text, text to cells, cells to contacts; what is doubtful is refused and never guessed."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from forum.kernel.errors import Invalid
from forum.ledger.contact_dates import UnreadableTime, guess_order, read_time
from forum.ledger.contact_guess import guess_plan
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.contact_plan import LEFT_OUT, Plan, letter
from forum.ledger.contact_rows import Nothing, Problem, Row, RowReader
from forum.ledger.contact_text import Record, guess_encoding, guess_separator, pack, read_records

KEYS = ContactKeys(b"a key for tests")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HEAD = ["Ticket", "Datum", "Kanal", "Kundennummer", "E-Mail"]
CHINESE = "工单编号,时间,渠道,客户编号,邮箱\n1,2026-03-04 10:00,电话,K-1,ada@example.com\n"
TRADITIONAL = "編號,時間,管道,客戶編號,電子郵件\n1,2026-03-04 10:00,電話,K-1,ada@example.com\n"


def body_of(text: str | bytes, encoding: str = "utf-8") -> bytes:
    return pack(io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))).body


def read(text: str | bytes, plan: Plan | None = None) -> list[Row | Problem | Nothing]:
    body = body_of(text)
    plan = plan or guess_plan(body, "Europe/Berlin")
    reader = RowReader(plan, KEYS, NOW)
    return [reader.read(record) for record in read_records(body, plan.encoding, plan.separator)]


def sentences(found: Sequence[Row | Problem | Nothing]) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, str(one.message)) for one in found if isinstance(one, Problem)]


class TestBytes:
    @pytest.mark.parametrize(
        ("text", "written", "guessed"),
        [
            (CHINESE, "utf-8", "utf-8-sig"), (CHINESE, "utf-8-sig", "utf-8-sig"), (CHINESE, "utf-16", "utf-16"),
            (CHINESE, "utf-16-le", "utf-16-le"), (CHINESE, "utf-16-be", "utf-16-be"), (CHINESE, "gb18030", "gb18030"),
            (TRADITIONAL, "big5", "big5hkscs"), ("Straße;Müller;Größe\nCafé;naïve;über\n", "cp1252", "cp1252"),
            ("plain,ascii\n", "ascii", "utf-8-sig"),
        ],
    )  # fmt: skip
    def test_the_encoding_is_guessed(self, text: str, written: str, guessed: str) -> None:
        assert guess_encoding(text.encode(written)) == guessed
        body = body_of(text, written)
        rows = list(read_records(body, guessed, guess_separator(text)))
        assert rows[0].cells == text.splitlines()[0].split(guess_separator(text))

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_the_separator_is_guessed(self, separator: str) -> None:
        text = "\n".join(separator.join(["1", 'a "b" c', "x; y" if separator == "," else "x, y"]) for _ in range(5))
        assert guess_separator(text) == separator

    def test_a_gzip_file_is_the_file_in_it(self) -> None:
        plain = pack(io.BytesIO(CHINESE.encode()))
        assert pack(io.BytesIO(gzip.compress(CHINESE.encode()))) == plain
        assert zlib.decompress(plain.body) == CHINESE.encode()

    @pytest.mark.parametrize("wrong", [b"", gzip.compress(b"a,b\n" * 99, mtime=0)[:-9], b"\x1f\x8bnonsense"])
    def test_a_damaged_or_empty_one_is_refused(self, wrong: bytes) -> None:
        with pytest.raises(Invalid):
            pack(io.BytesIO(wrong))

    def test_a_bomb_is_refused_before_it_fills_the_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("forum.ledger.contact_text.LARGEST_UNPACKED", 1_000_000)
        with pytest.raises(Invalid, match="too large"):
            pack(io.BytesIO(gzip.compress(b"0" * 2_000_000)))

    def test_a_large_file_is_read_in_little_memory(self) -> None:
        row = "{},2026-03-04 10:00:00,phone,K-{},somebody{}@example.com\n"
        body = body_of("id,time,channel,customer,email\n" + "".join(row.format(n, n, n) for n in range(100_000)))
        tracemalloc.start()
        count = sum(1 for _ in read_records(body, "utf-8-sig", ","))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 100_001
        assert peak < 2_000_000  # bytes; the text alone is 5.5 million


class TestCells:
    def test_quotes_line_ends_in_cells_and_empty_lines_keep_their_rows(self) -> None:
        text = 'id,note\r\n1,"two\nlines, one cell"\r\n\r\n2,"he said ""no"""\r\n'
        cells = [(record.number, record.cells) for record in read_records(body_of(text), "utf-8-sig", ",")]
        assert cells == [(1, ["id", "note"]), (2, ["1", "two\nlines, one cell"]), (3, []), (4, ["2", 'he said "no"'])]

    def test_what_keeps_a_spreadsheet_from_dropping_zeros_is_taken_off(self) -> None:
        assert next(read_records(body_of('="00123","=""00456"""\n'), "utf-8-sig", ",")).cells == ["00123", "00456"]

    def test_a_quote_that_never_closes_is_one_problem_and_not_the_end(self) -> None:
        filling = "2,2026-03-04 10:00,phone,K-2\n" * 5000
        text = f'id,time,channel,customer\n1,"never closed\n{filling}'
        found = read(
            text, Plan(columns={"id": 0, "happened_at": 1, "channel": 2, "customer": 3}, names=("a",) * 4, order="ymd")
        )
        assert "A quotation mark in this row is never closed." in [words for _row, _column, words in sentences(found)]
        assert sum(isinstance(one, Row) for one in found) > 500

    @settings(max_examples=60, deadline=None)
    @given(
        rows=some.lists(
            some.lists(some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=20), min_size=2, max_size=5),
            min_size=1, max_size=8,
        ),
        separator=some.sampled_from([",", ";", "\t", "|"]),
        encoding=some.sampled_from(["utf-8-sig", "utf-16", "gb18030"]),
    )  # fmt: skip
    def test_whatever_a_spreadsheet_writes_is_read_again(
        self, rows: list[list[str]], separator: str, encoding: str
    ) -> None:
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
        found = [record.cells for record in read_records(body_of(written.getvalue(), encoding), encoding, separator)]
        expected = [[cell.strip() for cell in row] for row in rows]
        formula = [[cell.startswith('="') for cell in row] for row in expected]
        if not any(map(any, formula)):
            assert found == expected

    @settings(max_examples=60, deadline=None)
    @given(junk=some.binary(min_size=1, max_size=400))
    def test_no_bytes_break_the_reading(self, junk: bytes) -> None:
        if junk.startswith(b"\x1f\x8b"):
            return
        for one in read(junk):
            assert isinstance(one, (Row, Problem, Nothing))


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "order", "utc"),
        [
            ("2026-03-04 10:00", "ymd", "2026-03-04T09:00"), ("2026-03-04T10:00:30Z", "ymd", "2026-03-04T10:00:30"),
            ("2026-03-04T10:00:00.123+02:00", "ymd", "2026-03-04T08:00:00.123000"), ("20260304", "ymd", "2026-03-04T22:59:59"),
            ("04.03.2026 10:00", "dmy", "2026-03-04T09:00"), ("3/4/26 1:05 PM", "mdy", "2026-03-04T12:05"),
            ("2026年3月4日 下午 3:05", "ymd", "2026-03-04T14:05"), ("2026/3/4 上午12:10", "ymd", "2026-03-03T23:10"),
            ("1772614800", "epoch", "2026-03-04T09:00"), ("1772614800000", "epoch", "2026-03-04T09:00"),
            ("２０２６-０３-０４ 10:00", "ymd", "2026-03-04T09:00"),
            ("2026-10-25 02:30", "ymd", "2026-10-25T00:30"),  # the clocks go through it twice: the first time
        ],
    )  # fmt: skip
    def test_a_time_is_read(self, text: str, order: str, utc: str) -> None:
        assert read_time(text, order, BERLIN) == datetime.fromisoformat(utc).replace(tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("", "ymd"), ("yesterday", "ymd"), ("2026-02-30", "ymd"), ("13/13/2026", "dmy"), ("2026-03-04 25:00", "ymd"),
            ("2026-03-29 02:30", "ymd"),  # the clocks were put forward over it
            ("03/04/2026", "ymd"), ("2026-03-04 10:00 +99:00", "ymd"), ("12", "epoch"), ("0001-01-01 00:00", "ymd"),
            ("9999-12-31 23:59 -05:00", "ymd"), ("٢٠٢٦-٠٣-٠٤ x", "ymd"),
        ],
    )  # fmt: skip
    def test_what_is_no_time_is_refused(self, text: str, order: str) -> None:
        with pytest.raises(UnreadableTime):
            read_time(text, order, BERLIN)

    def test_a_time_of_day_may_stand_apart(self) -> None:
        assert read_time("04.03.2026", "dmy", BERLIN, "10:00") == datetime(2026, 3, 4, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("texts", "order"),
        [
            (["03/04/2026", "05/06/2026"], None), (["03/04/2026", "13/04/2026"], "dmy"), (["03/04/2026", "03/14/2026"], "mdy"),
            (["13/04/2026", "03/14/2026"], None), (["03.04.2026"], "dmy"), (["2026-03-04", "31.31.2026"], "ymd"), (["2026-03-04"], "ymd"), (["1772614800"], "epoch"),
            ([], None), (["?"], None),
        ],
    )  # fmt: skip
    def test_an_order_is_guessed_only_where_it_can_be_no_other(self, texts: list[str], order: str | None) -> None:
        assert guess_order(texts) == order


class TestRows:
    def test_a_german_export_explains_itself(self) -> None:
        text = (
            ";".join(HEAD)
            + "\nT-1;13.03.2026 10:00;Anruf;K-100;Ada@Example.com \nT-2;14.03.2026 11:00;E-Mail;;bob@example.com\n"
        )
        plan = guess_plan(body_of(text, "cp1252"), "Europe/Berlin")
        assert plan.columns == {"id": 0, "happened_at": 1, "channel": 2, "customer": 3, "email": 4}
        assert (plan.separator, plan.order, plan.names) == (";", "dmy", tuple(HEAD))
        one, two = (row for row in read(text) if isinstance(row, Row))
        assert one == Row(
            "T-1",
            "phone",
            datetime(2026, 3, 13, 9, tzinfo=UTC),
            KEYS.of_customer("k-100"),
            KEYS.of_email("ada@example.com"),
        )
        assert (two.channel, two.customer_hash) == ("email", None)

    @pytest.mark.parametrize(("text", "encoding"), [(CHINESE, "gb18030"), (CHINESE, "utf-8"), (TRADITIONAL, "big5")])
    def test_a_chinese_export_explains_itself(self, text: str, encoding: str) -> None:
        plan = guess_plan(body_of(text, encoding), "Asia/Shanghai")
        assert plan.columns == {"id": 0, "happened_at": 1, "channel": 2, "customer": 3, "email": 4}
        [row] = (row for row in read(text.encode(encoding), plan) if isinstance(row, Row))
        assert (row.channel, row.happened_at) == ("phone", datetime(2026, 3, 4, 2, tzinfo=UTC))

    def test_a_file_without_a_head_is_told_by_its_cells(self) -> None:
        plan = guess_plan(
            body_of("ada@example.com,2026-03-04 10:00,call\nbob@example.com,2026-03-05 10:00,chat\n"), "UTC"
        )
        assert not plan.has_head
        assert plan.columns == {"email": 0, "happened_at": 1, "channel": 2}
        assert plan.names == ("", "", "")  # what people wrote is not kept as the name of a column

    def test_every_problem_names_its_row_and_column_and_never_the_value(self) -> None:
        text = (
            "id,happened_at,channel,customer,email\n"
            "1,2026-03-04 10:00,phone,K-1,\n"
            "2,2027-03-04 10:00,phone,K-1,\n"  # in the future
            "\n"
            "3,secret,phone,K-1,\n"
            "4,2026-03-04 10:00,pigeon-secret,K-1,\n"
            "5,2026-03-04 10:00,phone\n"
            "6,2026-03-04 10:00,phone,K-1,secret\n"
            "7,2026-03-04 10:00,phone,K-1,a@b.c,too,many\n"
            "8,2026-03-04 10:00,phone,K\0-1,\n"
            f"{'9' * 121},2026-03-04 10:00,phone,K-1,\n"
            "10,,phone,K-1,\n"
            ",,,,\n"
        )
        found = sentences(read(text))
        assert [(row, column) for row, column, _words in found] == [
            (3, "happened_at"), (5, "happened_at"), (6, "channel"), (7, ""), (8, "email"), (9, ""), (10, ""), (11, "id"),
            (12, "happened_at"),
        ]  # fmt: skip
        assert not any("secret" in words for _row, _column, words in found)

    def test_a_row_without_a_number_is_known_by_all_of_it(self) -> None:
        text = "date,email\n2026-03-04 10:00,a@example.com\n2026-03-04 10:00,a@example.com\n2026-03-04 10:01,a@example.com\n"
        ids = [row.external_id for row in read(text) if isinstance(row, Row)]
        assert ids[0] == ids[1] != ids[2]
        assert "example" not in "".join(ids)

    def test_words_of_a_channel_can_be_matched_or_left_out(self) -> None:
        text = "id,date,channel,email\n1,2026-03-04,Bot,a@example.com\n2,2026-03-04,Pigeon,a@example.com\n"
        plan = Plan.kept(
            {**guess_plan(body_of(text), "UTC").as_kept(), "channels": {"bot": LEFT_OUT, "pigeon": "store"}}
        )
        assert plan == Plan.kept(plan.as_kept())
        bot, pigeon = read(text, plan)[1:]
        assert bot == Nothing(is_left_out=True)
        assert isinstance(pigeon, Row) and pigeon.channel == "store"

    def test_an_ambiguous_date_is_refused_until_its_order_is_chosen(self) -> None:
        text = "id,date,email\n1,03/04/2026,a@example.com\n"
        assert sentences(read(text)) == [(2, "date", "The order of day and month has to be chosen first.")]

    def test_columns_without_a_name_are_lettered(self) -> None:
        assert [letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


class TestKeys:
    @pytest.mark.parametrize(("one", "other"), [("K-1 ", "k-1"), ("Ｋ-1", "K-1"), ("K-1\u200b", "K-1")])
    def test_the_same_number_written_otherwise_is_the_same_person(self, one: str, other: str) -> None:
        assert KEYS.of_customer(one) == KEYS.of_customer(other)

    @pytest.mark.parametrize("nobody", ["", " ", "n/a", "NULL", "-", "Unknown", "匿名", None])
    def test_a_word_for_nobody_is_nobody(self, nobody: str | None) -> None:
        assert KEYS.of_customer(nobody) is None
        assert KEYS.of_email(nobody) is None

    def test_numbers_addresses_and_keys_are_told_apart(self) -> None:
        other = ContactKeys(b"another key")
        hashes = {KEYS.of_customer("a@b"), KEYS.of_email("a@b"), KEYS.of_row("a@b"), other.of_email("a@b")}
        assert len(hashes) == 4
        assert KEYS.mark != other.mark
        assert "a key for tests" not in repr(KEYS)

    def test_the_key_follows_from_the_installations(self) -> None:
        key = "x" * 43 + "="
        assert ContactKeys.derived_from(key) == ContactKeys.derived_from(key)
        assert ContactKeys.derived_from(key).secret not in (key.encode(), b"x" * 32)


def test_a_record_that_cannot_be_split_is_a_problem_of_its_row() -> None:
    found = RowReader(Plan(), KEYS, NOW).read(Record(7, None))
    assert isinstance(found, Problem) and found.row == 7
    assert Problem.kept(found.as_kept()) == found
