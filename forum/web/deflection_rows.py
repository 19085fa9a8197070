"""The rows behind the report's figures: the ledger's entries and the claims, filtered by their address as the report is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.ledger.claim import Kind, Reason
from forum.people.permissions import Act
from forum.reports.deflection_address import address_of
from forum.reports.deflection_claims import STATES, ClaimList, list_claims
from forum.reports.deflection_rows import list_entries
from forum.reports.deflection_scope import Dimension, Scope
from forum.web.context import parts, session
from forum.web.report_filters import REPORT, address, chosen_filters, chosen_scope, key_word, span_word
from forum.web.report_looks import note_look, seen_currency
from forum.web.report_words import words
from forum.web.viewer import needs

deflection_rows = Blueprint("deflection_rows", __name__, url_prefix=REPORT)

TOLD_APART = (
    Dimension.KIND, Dimension.GRADE, Dimension.BOARD, Dimension.NETWORK, Dimension.CHANNEL, Dimension.LANGUAGE,
)  # fmt: skip


@deflection_rows.get("/entries")
@needs(Act.SEE_DEFLECTION_COUNTS)
def entries() -> ResponseReturnValue:
    """Filters as on the report, and `thread`, `claim` and `late` besides."""
    note_look()
    scope, filters, path = chosen_scope(), chosen_filters(), f"{REPORT}/entries"
    before = request.args.get("before")
    page = list_entries(session(), scope, before=before, currency=seen_currency(), zone=parts().settings.time_zone)
    return render_template(
        "deflection/entries.html",
        page=page,
        scope=scope,
        narrowed=_narrowed(scope),
        back=address(REPORT, address_of(replace(scope, thread=None, claim=None, late=False))),
        claim_rows=lambda number: address(path, address_of(replace(scope, claim=number))),
        older=address(path, filters, before=page.older) if page.older else None,
        newest=address(path, filters) if before else None,
        span_word=span_word,
        **words(),
    )


@deflection_rows.get("/claims")
@needs(Act.SEE_DEFLECTION_COUNTS)
def claims() -> ResponseReturnValue:
    """`state` is waiting, qualified, lapsed, or anything else for all that were decided. Months are those of the decision."""
    note_look()
    state, zone, filters, path = (
        request.args.get("state", "waiting"),
        parts().settings.time_zone,
        chosen_filters(),
        f"{REPORT}/claims",
    )
    timed = bool({"month", "from", "to", "span"} & set(filters))
    scope, after = chosen_scope(), request.args.get("after")
    wanted = ClaimList(
        state=state if state in STATES else None,
        kind=_one_of("kind", list(Kind)),
        reason=_one_of("reason", list(Reason)),
        answered=request.args.get("answered") == "yes",
        decided_from=scope.first.begins(zone) if timed else None,
        decided_until=scope.last.ends(zone) if timed else None,
    )
    kept = {name: value for name in ("state", "reason", "answered") if (value := request.args.get(name))} | filters
    page = list_claims(session(), wanted, after=after)
    return render_template(
        "deflection/claims.html",
        page=page,
        wanted=wanted,
        span=span_word(scope) if timed else None,
        back=address(REPORT, {name: value for name, value in filters.items() if timed and name in ("month", "from", "to", "span")}),
        tab=lambda name: address(path, {word: value for word, value in kept.items() if word != "reason"}, state=name),
        kinds=[(None, address(path, kept, kind=None)), *((kind, address(path, kept, kind=kind)) for kind in (Kind.DIRECT, Kind.SOCIAL, Kind.ASSISTED))],
        older=address(path, kept, after=page.older) if page.older else None,
        newest=address(path, kept) if after else None,
        **words(),
    )  # fmt: skip


def _narrowed(scope: Scope) -> Sequence[str]:
    """What the rows are narrowed to besides their months, in words."""
    return [key_word(one, value) for one in TOLD_APART if (value := getattr(scope, one.value)) is not None]


def _one_of(name: str, known: Sequence[str]) -> str | None:
    value = request.args.get(name)
    return value if value in known else None
