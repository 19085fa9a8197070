"""Contacts speak against claims whenever they come: imported, sent, late, withdrawn; people are told apart by hashes alone."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from forum.actions import import_contacts
from forum.actions.import_contacts import import_contact_file, import_waiting_contacts
from forum.actions.receive_contacts import Faulty
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid
from forum.ledger.claim import Claim
from forum.ledger.contact import Contact, ContactFile, FileState
from tests.actions.contact_scene import ContactScene
from tests.application import QuietParts
from tests.cast import Cast


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(parts: QuietParts, session: Session, cast: Cast) -> ContactScene:
    return ContactScene(parts, session, cast)


def row(number: int | str, at: datetime, *, customer: str = "", email: str = "", channel: str = "phone") -> str:
    return f"{number},{at.isoformat()},{channel},{customer},{email}\n"


class TestMatching:
    def test_a_contact_that_came_before_the_day_lets_the_claim_lapse(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.clock.pass_by(days=1)
        stage.import_file(row(1, stage.asked_at(claim) + timedelta(hours=3), email=" ADA@example.com"))
        stage.to_the_day_of(claim)
        stage.settle()
        assert (stage.now(claim).outcome, claim.reason, stage.standing(claim)) == ("lapsed", "contacted", None)

    def test_a_contact_that_comes_late_reverses_the_row(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.to_the_day_of(claim)
        stage.settle()
        assert stage.standing(claim) == ("direct", "stated", claim.due_at.date().isoformat())
        stage.clock.pass_by(days=30)
        stage.import_file(row(1, claim.due_at - timedelta(hours=1), email="ada@example.com"))
        assert stage.now(claim).review_from == stage.clock()
        stage.settle()
        assert (stage.standing(claim), stage.now(claim).reason, claim.review_from) == (None, "contacted", None)

    def test_contacts_that_lie_there_before_the_claim_is_opened_are_found_on_its_day(self, stage: ContactScene) -> None:
        thread = stage.scene.stage.thread(stage.cast.ada, stage.scene.board)
        stage.session.commit()
        stage.clock.pass_by(hours=5)
        stage.import_file(row(1, stage.clock() - timedelta(hours=1), email="ada@example.com"))
        stage.session.refresh(thread)
        with writing():
            from forum.actions.accept_answer import accept_answer

            post = stage.scene.stage.answer(thread, stage.cast.bob)
            accept_answer(stage.session, thread, post, stage.cast.ada, now=stage.clock.pass_by(minutes=1))
            stage.session.commit()
        claim = stage.scene.claim(thread)
        stage.to_the_day_of(claim)
        stage.settle()
        assert stage.now(claim).reason == "contacted"

    @pytest.mark.parametrize(
        ("when", "counts"),
        [
            (lambda asked, due: asked, True), (lambda asked, due: due, True),
            (lambda asked, due: asked - timedelta(seconds=1), False), (lambda asked, due: due + timedelta(seconds=1), False),
        ],
    )  # fmt: skip
    def test_only_from_the_asking_to_the_day_counts(
        self, stage: ContactScene, when: Callable[[datetime, datetime], datetime], counts: bool
    ) -> None:
        claim = stage.solved()
        stage.later(claim)
        stage.import_file(row(1, when(stage.asked_at(claim), claim.due_at), email="ada@example.com"))
        stage.settle()
        assert (stage.now(claim).reason == "contacted") is counts

    def test_somebody_elses_contact_changes_nothing(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.clock.pass_by(days=1)
        stage.import_file(
            row(1, stage.clock(), email="bob@example.com")
            + row(2, stage.clock(), customer="K-7")
            + row(3, stage.clock())
        )
        stage.to_the_day_of(claim)
        stage.settle()
        assert stage.now(claim).outcome == "qualified"

    def test_no_address_and_no_number_is_stored(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.clock.pass_by(days=1)
        file = stage.import_file(row("T-1", stage.asked_at(claim), customer="K-SECRET", email="ada@example.com"))
        for table in ("contacts", "contact_files", "contact_mappings", "contact_matches"):
            for stored in stage.session.execute(text(f"SELECT * FROM {table}")):
                assert "ada@" not in str(stored).lower() and "secret" not in str(stored).lower()
        assert (file.body, file.state, file.taken) == (None, FileState.IMPORTED, 1)


class TestCoverage:
    def test_complete_days_make_a_stated_row_checked_and_withdrawing_them_takes_that_back(
        self, stage: ContactScene
    ) -> None:
        claim = stage.solved()
        stage.to_the_day_of(claim)
        stage.settle()
        assert stage.standing(claim) == ("direct", "stated", claim.due_at.date().isoformat())
        stage.later(claim)
        first, last = stage.days_of(claim)
        file = stage.import_file(row(1, stage.asked_at(claim), email="somebody@example.com"), covers=(first, last))
        assert stage.now(claim).matchable_at == claim.review_from == stage.clock()
        stage.settle()
        assert stage.standing(claim) == ("direct", "checked", claim.due_at.date().isoformat())
        stage.withdraw(file)
        stage.settle()
        assert stage.standing(claim) == ("direct", "stated", claim.due_at.date().isoformat())

    @pytest.mark.parametrize(
        ("person", "short_by", "grade"),
        [
            ({"email": "x@example.com"}, 0, "checked"),
            ({"email": "x@example.com"}, 1, "stated"),  # a day is missing
            ({"customer": "K-9"}, 0, "stated"),  # Ada has no customer's number
        ],
    )
    def test_only_data_that_can_know_the_asker_checks(
        self, stage: ContactScene, person: dict[str, str], short_by: int, grade: str
    ) -> None:
        claim = stage.solved()
        stage.later(claim)
        first, last = stage.days_of(claim)
        stage.import_file(row(1, stage.asked_at(claim), **person), covers=(first, last - timedelta(days=short_by)))
        stage.settle()
        standing = stage.standing(claim)
        assert standing is not None and standing[1] == grade

    def test_two_files_cover_together_and_a_number_set_later_makes_the_asker_known(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.later(claim)
        first, last = stage.days_of(claim)
        middle = first + timedelta(days=3)
        stage.import_file(row(1, stage.asked_at(claim), customer="K-9"), covers=(first, middle))
        stage.import_file(row(2, stage.asked_at(claim), customer="K-9"), covers=(middle + timedelta(days=1), last))
        stage.settle()
        assert (stage.standing(claim) or ())[1] == "stated"
        stage.number(stage.cast.ada, "K-100")
        stage.settle()
        assert (stage.standing(claim) or ())[1] == "checked"
        stage.number(stage.cast.ada, "k-9")
        stage.settle()
        assert (stage.standing(claim), stage.now(claim).reason) == (None, "contacted")
        stage.number(stage.cast.ada, "K-100")  # it was a mistake
        stage.settle()
        assert (stage.standing(claim) or ())[1] == "checked"

    def test_hashes_of_another_key_check_nobody(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.later(claim)
        file = stage.import_file(row(1, stage.asked_at(claim), email="x@example.com"), covers=stage.days_of(claim))
        with writing():
            file.mapping = {**file.mapping, "key": "another"}
            stage.session.commit()
        stage.settle()
        assert (stage.standing(claim) or ())[1] == "stated"


class TestOrderOfArrival:
    @pytest.mark.parametrize(
        "events", [("decide", "file", "number", "days"), ("decide", "file", "number", "days", "late")]
    )
    def test_any_order_ends_with_the_same_row(self, stage: ContactScene, events: tuple[str, ...]) -> None:
        orders = list(itertools.permutations(events))[:: 1 if len(events) < 5 else 11]
        for order in orders:
            claims = self.standing_in_the_end(stage, order)
            assert claims == (("checked",) if "late" not in events else None), order

    def standing_in_the_end(self, stage: ContactScene, order: tuple[str, ...]) -> tuple[str] | None:
        claim = stage.solved()
        stage.later(claim)
        asked, covers = stage.asked_at(claim), stage.days_of(claim)
        number = f"K-{claim.id}"
        steps: dict[str, Callable[[], object]] = {
            "decide": stage.settle,
            "file": lambda: stage.import_file(row(f"f{claim.id}", asked - timedelta(hours=1), email="ada@example.com")),
            "number": lambda: stage.number(stage.cast.ada, number),
            "days": lambda: stage.send(
                {"contacts": [], "covers": {"from": covers[0].isoformat(), "until": covers[1].isoformat()}}
            ),
            "late": lambda: stage.send(
                [
                    {
                        "id": f"l{claim.id}",
                        "happened_at": (asked + timedelta(days=2)).isoformat(),
                        "channel": "chat",
                        "customer_number": number.lower(),
                    }
                ]
            ),
        }
        for event in order:
            stage.clock.pass_by(hours=1)
            steps[event]()
        stage.settle()
        standing = stage.standing(claim)
        return None if standing is None else (standing[1],)


class TestImporting:
    def test_a_file_twice_counts_once(self, stage: ContactScene) -> None:
        rows = "".join(row(n, stage.clock() - timedelta(hours=n), email=f"p{n}@example.com") for n in range(1, 30))
        first, again = stage.import_file(rows), stage.import_file(rows)
        assert (first.taken, first.known, again.taken, again.known) == (29, 0, 0, 29)
        assert stage.import_file(rows, source="avaya").taken == 29  # another system has numbers of its own
        assert again.read == 30

    def test_a_number_twice_in_one_file_counts_once(self, stage: ContactScene) -> None:
        file = stage.import_file(row(1, stage.clock()) + row(1, stage.clock() - timedelta(days=1)))
        assert (file.taken, file.known) == (1, 1)

    def test_a_killed_import_goes_on_where_it_was(self, stage: ContactScene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(import_contacts, "BATCH", 10)
        rows = "".join(row(n, stage.clock() - timedelta(hours=n)) for n in range(1, 36)) + "36,never,phone,,\n"
        file = stage.confirmed_file(rows)

        class Killed(BaseException):
            pass

        calls = itertools.count()

        def clock() -> datetime:
            if next(calls) == 2:
                raise Killed
            return stage.clock()

        tools = stage.tools
        with pytest.raises(Killed):
            import_contact_file(import_contacts.Importing(tools.sessions, tools.keys, UTC, clock), file.id)
        stage.session.refresh(file)
        assert (file.state, file.read, file.taken) == (FileState.WAITING, 20, 19)
        for _ in range(2):
            import_waiting_contacts(tools)
        stage.session.rollback()
        stage.session.refresh(file)
        assert (file.state, file.read, file.taken, file.known, file.refused) == (FileState.IMPORTED, 37, 35, 0, 1)
        assert file.problems[0]["row"] == 37

    def test_a_file_of_which_nothing_can_be_taken_is_refused_and_covers_nothing(self, stage: ContactScene) -> None:
        day = stage.clock().date() - timedelta(days=1)
        file = stage.import_file("1,never,phone,,\n", covers=(day, day))
        assert (file.state, file.covers_from, file.body, file.refused) == (FileState.REFUSED, None, None, 1)

    def test_only_the_first_two_hundred_problems_are_kept(self, stage: ContactScene) -> None:
        file = stage.import_file("".join(f"{n},never,phone,,\n" for n in range(300)) + row(1, stage.clock()))
        assert (file.refused, len(file.problems), file.taken) == (300, 200, 1)

    def test_a_withdrawn_files_contacts_count_again_when_another_brings_them(self, stage: ContactScene) -> None:
        claim = stage.solved()
        stage.later(claim)
        rows = row(1, stage.asked_at(claim) + timedelta(hours=1), email="ada@example.com")
        file = stage.import_file(rows)
        stage.settle()
        assert stage.standing(claim) is None
        stage.withdraw(file)
        stage.settle()
        assert (stage.standing(claim) or ())[1] == "stated"
        assert stage.session.scalar(select(func.count()).select_from(Contact)) == 1  # nothing is deleted
        assert stage.import_file(rows).taken == 1
        stage.settle()
        assert stage.standing(claim) is None
        with pytest.raises(Conflict):
            refused = stage.import_file("1,never,phone,,\n")
            stage.withdraw(refused)

    @pytest.mark.running  # for its time alone
    def test_a_hundred_thousand_rows(self, stage: ContactScene) -> None:
        if stage.parts.settings.database_url.startswith("postgres"):
            pytest.skip("measured once, on SQLite")
        began = stage.clock() - timedelta(days=30)
        rows = "".join(
            f"{n},{(began + timedelta(seconds=n)).isoformat()},phone,K-{n},p{n}@example.com\n" for n in range(100_000)
        )
        file = stage.confirmed_file(rows)
        start = time.perf_counter()
        import_contact_file(stage.tools, file.id)
        took = time.perf_counter() - start
        stage.session.rollback()
        stage.session.refresh(file)
        assert (file.taken, file.refused) == (100_000, 0)
        assert took < 120  # seconds; 20 on a quiet machine


class TestTheCall:
    GOOD = {"id": "1", "happened_at": "2026-09-01T10:00:00+02:00", "channel": "phone", "email": "ada@example.com"}

    def test_a_call_twice_counts_once_and_leaves_one_trace(self, stage: ContactScene) -> None:
        first, again = stage.send([self.GOOD]), stage.send([self.GOOD])
        assert (first.taken, first.known, again.taken, again.known, again.file_id) == (1, 0, 0, 1, None)
        assert stage.session.scalar(select(func.count()).select_from(ContactFile)) == 1

    @pytest.mark.parametrize(
        ("sent", "index", "field"),
        [
            ([{**GOOD, "channel": "pigeon"}], 0, "channel"), ([{**GOOD, "channel": ["phone"]}], 0, "channel"),
            ([GOOD, {**GOOD, "happened_at": "2026-09-01T10:00:00"}], 1, "happened_at"),
            ([{**GOOD, "happened_at": "2027-09-01T10:00:00Z"}], 0, "happened_at"), ([{**GOOD, "happened_at": 5}], 0, "happened_at"),
            ([{**GOOD, "happened_at": "0001-01-01T00:00:00+14:00"}], 0, "happened_at"),
            ([{**GOOD, "id": ""}], 0, "id"), ([{**GOOD, "id": 7}], 0, "id"), ([{**GOOD, "id": "x" * 121}], 0, "id"),
            ([{**GOOD, "id": "a\0b"}], 0, "id"), ([{**GOOD, "id": "\ud800"}], 0, "id"),
            ([{**GOOD, "email": "nobody"}], 0, "email"), ([{**GOOD, "extra": 1}], 0, "extra"), ([5], 0, ""),
            ({"contacts": 5}, None, "contacts"), ([GOOD] * 5001, None, "contacts"), ({"contacts": [], "x": 1}, None, "x"),
            ({"contacts": [], "source": ""}, None, "source"), ({"contacts": [], "source": 5}, None, "source"),
            ({"contacts": [], "covers": {"from": "2026-09-01"}}, None, "covers"), ("text", None, "contacts"), (None, None, "contacts"),
            ({"contacts": [], "covers": {"from": "2026-08-02", "until": "2026-08-01"}}, None, "covers"),
            ({"contacts": [], "covers": {"from": "2026-09-01", "until": "2026-09-02"}}, None, "covers"),  # today is not over
            ({"contacts": [], "covers": {"from": 5, "until": None}}, None, "covers"),
        ],
    )  # fmt: skip
    def test_a_fault_names_its_index_and_field_and_nothing_is_taken(
        self, stage: ContactScene, sent: object, index: int | None, field: str
    ) -> None:
        with pytest.raises(Faulty) as refused:
            stage.send(sent)
        assert (index, field) in [(fault.index, fault.field) for fault in refused.value.faults]
        stage.session.rollback()
        assert stage.session.scalar(select(func.count()).select_from(Contact)) == 0


class TestNumbers:
    def test_a_number_belongs_to_one_account(self, stage: ContactScene) -> None:
        stage.number(stage.cast.ada, " K-1 ")
        assert stage.cast.ada.customer_number == "k-1"
        with pytest.raises(Invalid, match="marked below"):
            stage.number(stage.cast.bob, "k-1")
        stage.session.rollback()
        with pytest.raises(Invalid):
            stage.number(stage.cast.bob, "unknown")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_whatever_comes_first_the_same_contacts_are_matched(stage: ContactScene, data: some.DataObject) -> None:
    """Claims and contacts in a random order, against a straight look at both."""
    stage.clock.now = datetime(2026, 9, 2, 12, tzinfo=UTC) + timedelta(days=60 * (stage.session.scalar(select(func.count()).select_from(ContactFile)) or 0))  # fmt: skip
    base = stage.clock()
    steps = data.draw(some.lists(some.sampled_from(["claim", "contact", "decide"]), min_size=3, max_size=8))
    claims: list[Claim] = []
    sent: list[datetime] = []
    for number, step in enumerate(steps):
        stage.clock.pass_by(hours=data.draw(some.integers(1, 100)))
        if step == "claim":
            claims.append(stage.solved())
        elif step == "contact":
            at = base + (stage.clock() - base) * data.draw(some.floats(0, 1))
            stage.send(
                [
                    {
                        "id": f"{base}:{number}",
                        "happened_at": at.isoformat(),
                        "channel": "phone",
                        "email": "ada@example.com",
                    }
                ]
            )
            sent.append(at)
        else:
            stage.settle()
    stage.clock.pass_by(days=8)
    stage.settle()
    for claim in claims:
        stage.now(claim)
        expected = any(stage.asked_at(claim) <= at <= claim.due_at for at in sent)
        assert (claim.reason == "contacted") is expected
        assert (stage.standing(claim) is None) is expected
