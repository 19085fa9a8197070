"""One human reader in one ISO week, what they read, and whether it counts. Nobody can be followed from week to week."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class ReaderWeek(Base):
    """`reader` is a hash under the week's salt for who is signed out, and random once a person was erased.

    Weeks begin on Monday in the company's time zone. A reader-week comes to its day `deflection_days` after the week ends.
    """

    __tablename__ = "reader_weeks"

    id: Mapped[Id]
    week: Mapped[date] = mapped_column(Date)
    reader: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    by_staff: Mapped[bool] = mapped_column(default=False)  # spoke for the brand in that week
    salt_number: Mapped[int] = mapped_column(
        default=1
    )  # 2 and on: the salt was lost, so the reader may stand here twice
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    views: Mapped[int] = mapped_column(default=0)
    drawn: Mapped[bool] = mapped_column(default=False)  # for the survey
    draw_share: Mapped[int] = mapped_column(default=0)  # hundredths of a percent: what the draw was made with
    bot_at: Mapped[datetime | None]
    bot_why: Mapped[str | None] = mapped_column(String(40))
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    review_from: Mapped[datetime | None]  # something became known then that may change what was decided

    __table_args__ = (
        UniqueConstraint("week", "reader"),
        Index(
            "ix_reader_weeks_due",
            "due_at",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index(  # the survey's cohort of a month
            "ix_reader_weeks_drawn",
            "due_at",
            "outcome",
            "id",
            sqlite_where=text("drawn = 1"),
            postgresql_where=text("drawn"),
        ),
        Index(  # why those of some months do not count: a few among millions
            "ix_reader_weeks_lapsed",
            "due_at",
            "reason",
            sqlite_where=text("outcome = 'lapsed'"),
            postgresql_where=text("outcome = 'lapsed'"),
        ),
        Index(
            "ix_reader_weeks_review",
            "review_from",
            sqlite_where=text("review_from IS NOT NULL"),
            postgresql_where=text("review_from IS NOT NULL"),
        ),
    )


class Reading(Base):
    """A reader read a thread that the accepted answer of a member solved, after its acceptance; once per week."""

    __tablename__ = "readings"

    reader_week_id: Mapped[int] = mapped_column(ForeignKey("reader_weeks.id"), primary_key=True)
    acceptance_id: Mapped[int] = mapped_column(ForeignKey("acceptances.id"), primary_key=True, index=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    first_at: Mapped[datetime]


class ThreadViews(Base):
    """How often a thread was opened by people in a month. Shown beside the estimate, never counted as deflection."""

    __tablename__ = "thread_views"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    views: Mapped[int]


class MonthViews(Base):
    """The views of all threads in a month: `thread_views` added up, by whoever writes that."""

    __tablename__ = "month_views"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    views: Mapped[int]


class ViewBatch(Base):
    """A batch of views that was counted, so that one which a killed worker left behind is not counted again."""

    __tablename__ = "view_batches"

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    counted_at: Mapped[datetime]


class ReaderSalt(Base):
    """That a salt was made, never the salt itself: that stands in Redis alone until its week ends."""

    __tablename__ = "reader_salts"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]


def read_by_people(first: date, last: date) -> ColumnElement[bool]:
    """A condition on ReaderWeek: weeks from Monday `first` to Monday `last` of people, as far as can be told; no staff."""
    people = and_(ReaderWeek.bot_at.is_(None), ReaderWeek.by_staff.is_(False))
    return and_(ReaderWeek.week >= first, ReaderWeek.week <= last, people)
