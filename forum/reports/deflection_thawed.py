"""How a closed month read on the day of its closing, for what its rows and parameters do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.closed_period import ClosedPeriod
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import Beside, Coverage, Lapse, ResponseTimes
from forum.reports.plain import from_plain


@dataclass(frozen=True)
class Kept:
    """The facts of one month that later events would change; each has its name in the report."""

    coverage: Coverage
    responses: Sequence[ResponseTimes]
    beside: Beside
    lapsed_claims: Sequence[Lapse]
    lapsed_readers: Sequence[Lapse]


def read_kept(session: Session, scope: Scope) -> Kept | None:
    """None for an open month, and for several: their medians do not follow from those of each. One query at most."""
    if scope.first != scope.last:
        return None
    figures: dict[str, Any] | None = session.scalar(
        select(ClosedPeriod.figures).where(ClosedPeriod.name == scope.first.name)
    )
    if not figures:
        return None
    kinds = get_type_hints(Kept)
    return Kept(**{one.name: from_plain(kinds[one.name], figures[one.name]) for one in fields(Kept)})
