"""Members who know something, and a question that waits: for the tests of who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.accept_answer import accept_answer
from forum.actions.ask_for_help import ask_for_help
from forum.actions.learn_expertise import learn_due
from forum.kernel.database import writing
from forum.people.account import Account
from forum.search.telling import subject_of
from forum.superfans.expertise import Field
from forum.superfans.helping import Expertise, HelpRequest
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.cast import Cast, person
from tests.scene import Clock, Stage


@dataclass
class HelpScene:
    """Ada asks on the board "wifi". Time passes only where a test says so."""

    sessions: sessionmaker[Session]
    session: Session
    cast: Cast
    stage: Stage
    board: Board

    @property
    def clock(self) -> Clock:
        return self.stage.clock

    def member(self, name: str, **facts: object) -> Account:
        account = person(name, **facts)  # type: ignore[arg-type]
        self.session.add(account)
        self.session.flush()
        return account

    def knows(self, account: Account, tag: str, answers: int = 1, *, solved: bool = False, **words: object) -> None:
        """They answered questions of Mallory's under this tag."""
        for number in range(answers):
            told = {"title": f"What about {tag} number {number}", "text": "It does not go.", "tags": [tag], **words}
            thread = self.stage.thread(self.cast.mallory, self.board, **told)
            post = self.stage.answer(thread, account)
            if solved:
                accept_answer(self.session, thread, post, self.cast.mallory, now=self.clock.pass_by(minutes=1))

    def question(self, tag: str = "mesh", by: Account | None = None, **words: object) -> Thread:
        told = {"title": f"Help with {tag}", "text": "It is lost every night.", "tags": [tag], **words}
        return self.stage.thread(by or self.cast.ada, self.board, **told)

    def work(self) -> None:
        """All that the workers have to do now."""
        self.work_learning()
        while self.step():
            pass

    def work_learning(self) -> None:
        self.session.commit()
        while learn_due(self.sessions, subject_of, self.clock()):
            pass
        self.session.expire_all()

    def step(self) -> int:
        """What stands afterwards is read anew: no transaction of the test's own stays open."""
        self.session.commit()
        with writing(), self.sessions.begin() as session:
            done = ask_for_help(session, subject_of, self.clock())
        self.session.expire_all()
        return done

    def requests(self, thread: Thread) -> Sequence[HelpRequest]:
        found = select(HelpRequest).where(HelpRequest.thread_id == thread.id)
        return self.session.scalars(found.order_by(HelpRequest.wave, HelpRequest.id)).all()

    def asked(self, thread: Thread) -> list[str]:
        """Names of those who were asked, in order."""
        return [self.session.get_one(Account, one.account_id).name for one in self.requests(thread)]

    def expertise(self, account: Account) -> dict[Field, float]:
        rows = self.session.scalars(select(Expertise).where(Expertise.account_id == account.id))
        found = ((Field.named(f"{row.field}:{row.subject}"), row.weight) for row in rows)
        return {field: weight for field, weight in found if field is not None}
