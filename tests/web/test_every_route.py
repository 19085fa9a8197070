"""Every route for every role, against a list written by hand: a route that nobody thought of is missing from it and fails."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.application import SignInAs
from tests.cast import Cast

SIGNED_IN = {"ada", "sue", "ann", "cleo", "fay", "max"}
BRAND = {"ann", "cleo", "max"}
WHO = {
    "everybody": SIGNED_IN | {"visitor"},
    "signed in": SIGNED_IN,
    "brand": BRAND,
    "counts": BRAND | {"fay"},
    "money": {"fay", "max"},
    "moderators": {"cleo", "max"},
    "admin": {"max"},
    "movers": BRAND | {"sue"},  # staff, and superfans with the right
    "own": set(),  # a page of one's own; the one that is asked for is Mallory's
    "key": set(),  # whoever has one; no account opens it
}
ROUTES = """
everybody   GET  / ; /<any(unanswered, unsolved, solved):which> ; /boards/<slug> ; /tags/<tag> ; /search ; /healthz ; /ask/similar
everybody   GET  /threads/<int:thread_id> ; /threads/<int:thread_id>-<path:slug> ; /posts/<int:post_id> ; /posts/<int:post_id>/history
everybody   GET  /threads/<int:thread_id>/survey
everybody   POST /threads/<int:thread_id>/survey ; /threads/<int:thread_id>/views
everybody   GET  /people/<name> ; /people/suggest ; /sandbox ; /sandbox/posts/<int:post_id> ; /static/<path:filename>
everybody   GET  /ranks ; /badges ; /leaderboards
signed in   POST /badges/<int:award_id>/pin ; /badges/<int:award_id>/pin/end ; /account/leaderboards ; /account/leaderboards/end
moderators  POST /badges/<int:award_id>/revocation ; /badges/<int:award_id>/revocation/end
admin       GET  /admin/ranks ; /admin/ranks/new ; /admin/ranks/<int:rank_id> ; /admin/badges ; /admin/badges/new
admin       GET  /admin/badges/<int:badge_id> ; /admin/points
admin       POST /admin/ranks/new ; /admin/ranks/<int:rank_id> ; /admin/ranks/<int:rank_id>/retirement ; /admin/points
admin       POST /admin/badges/new ; /admin/badges/<int:badge_id> ; /admin/badges/<int:badge_id>/retirement
everybody   GET  /sign-in ; /sign-up ; /password-reset ; /password-reset/sent ; /password-reset/<token> ; /set-up/<token>
everybody   POST /sign-in ; /sign-up ; /sign-out ; /password-reset ; /password-reset/<token> ; /set-up/<token> ; /language
everybody   GET  /people/<name>/card ; /people/<name>/card.svg ; /cards/verify ; /.well-known/answerback-card-key
everybody   POST /cards/verify
own         GET  /people/<name>/points
signed in   GET  /threads/<int:thread_id>/tags
signed in   POST /threads/<int:thread_id>/tags
movers      GET  /threads/<int:thread_id>/board
movers      POST /threads/<int:thread_id>/board
signed in   GET  /following ; /ask ; /account ; /posts/<int:post_id>/edit ; /posts/<int:post_id>/comments/new
signed in   POST /ask ; /threads/<int:thread_id>/posts ; /posts/<int:post_id>/edit ; /posts/<int:post_id>/comments
signed in   POST /posts/<int:post_id>/kudos ; /posts/<int:post_id>/kudos/end
signed in   POST /threads/<int:thread_id>/follow ; /threads/<int:thread_id>/follow/end
signed in   POST /threads/<int:thread_id>/same-problem ; /threads/<int:thread_id>/same-problem/end
signed in   POST /threads/<int:thread_id>/acceptance ; /threads/<int:thread_id>/acceptance/withdrawal ; /threads/<int:thread_id>/intent
signed in   POST /account/profile ; /account/password ; /account/sessions/<int:session_id>/revocation ; /account/other-sessions/revocation
signed in   POST /sandbox/posts ; /sandbox/posts/<int:post_id>/removal
signed in   GET  /help-now ; /help-now/<int:thread_id> ; /account/expertise
signed in   POST /help-requests/<int:request_id>/reply ; /account/availability ; /account/mutes ; /account/mutes/end
brand       GET  /mentions ; /deliveries ; /deliveries/<int:delivery_id>
brand       POST /mentions/<int:mention_id>/route ; /threads/<int:thread_id>/word
brand       GET  /staff/replies ; /staff/superfans ; /staff/superfans/<name>
brand       POST /staff/superfans/<name>/thanks
moderators  GET  /staff/superfans.csv ; /staff/superfans.xlsx
moderators  POST /staff/superfans/<name>/invitation ; /staff/superfans/<name>/invitation/end ; /staff/superfans/<name>/promotion
moderators  POST /staff/superfans/<name>/pause ; /staff/superfans/<name>/pause/end ; /staff/superfans/<name>/end
signed in   GET  /programme ; /programme/invitation
signed in   POST /programme/invitation
admin       GET  /staff/terms
admin       POST /staff/terms
brand       POST /deliveries/<int:delivery_id>/rewording ; /deliveries/<int:delivery_id>/taking-over ; /deliveries/<int:delivery_id>/taking-up
brand       POST /deliveries/<int:delivery_id>/approval ; /deliveries/<int:delivery_id>/refusal ; /deliveries/<int:delivery_id>/decision
counts      GET  /reports/deflection ; /reports/deflection/claims ; /reports/deflection/entries
counts      GET  /reports/deflection/views ; /reports/deflection/periods
money       GET  /reports/deflection/periods/<name> ; /reports/deflection/periods/<name>/closing
money       POST /reports/deflection/periods/<name>/closing
counts      POST /reports/deflection/views ; /reports/deflection/views/<int:view_id>/name ; /reports/deflection/views/<int:view_id>/deletion
counts      POST /reports/deflection/views/<int:view_id>/mailing/end
money       POST /reports/deflection/views/<int:view_id>/mailing
money       GET  /reports/deflection/what-if
money       GET  /reports/deflection.csv ; /reports/deflection.xlsx ; /reports/deflection.pdf ; /reports/deflection.json
money       GET  /reports/deflection/costs ; /reports/deflection/programme ; /reports/deflection/exchange-rates
money       POST /reports/deflection/costs ; /reports/deflection/programme ; /reports/deflection/exchange-rates
admin       GET  /reports/deflection/targets
admin       POST /reports/deflection/targets
everybody   GET  /api/openapi.json
signed in   GET  /account/data ; /account/data.json
signed in   POST /account/customer-number ; /account/erasure
key         POST /api/contacts
signed in   GET  /notifications ; /account/notifications
signed in   POST /notifications/<int:notice_id> ; /notifications/reading ; /account/notifications
everybody   GET  /mail/stop/<token>
everybody   POST /mail/stop/<token>
brand       GET  /people/<name>/data
brand       POST /people/<name>/customer-number
money       GET  /reports/deflection/contacts ; /reports/deflection/contacts/<int:file_id>
money       POST /reports/deflection/contacts ; /reports/deflection/contacts/<int:file_id>
money       POST /reports/deflection/contacts/<int:file_id>/confirmation ; /reports/deflection/contacts/<int:file_id>/giving-up
money       POST /reports/deflection/contacts/<int:file_id>/withdrawal
admin       GET  /admin/tokens
admin       POST /admin/tokens ; /admin/tokens/<int:token_id>/revocation ; /people/<name>/erasure
moderators  POST /people/<name>/superfan
moderators  GET  /staff/gaming
moderators  POST /staff/gaming/<int:suspicion_id>/verdict
admin       POST /people/<name>/role
admin       GET  /admin/networks ; /admin/networks/new ; /admin/networks/<int:connection_id> ; /admin/boards ; /admin/boards/new
admin       GET  /admin/boards/<int:board_id>
admin       POST /admin/networks/new ; /admin/networks/<int:connection_id> ; /admin/networks/<int:connection_id>/pause
admin       POST /admin/networks/<int:connection_id>/pause/end ; /admin/networks/<int:connection_id>/reading
admin       POST /admin/networks/<int:connection_id>/removal ; /admin/networks/sandbox
admin       POST /admin/boards/new ; /admin/boards/<int:board_id>
"""


def wanted() -> dict[tuple[str, str], str]:
    """Who may, by method and rule."""
    found: dict[tuple[str, str], str] = {}
    for line in ROUTES.strip().splitlines():
        who, method, rules = re.fullmatch(r"(\w+(?: in)?) +(GET|POST) +(.*)", line).groups()  # type: ignore[union-attr]
        found.update({(method, rule.strip()): who for rule in rules.split(" ; ")})
    return found


def test_every_route_is_in_the_list_and_no_other(app: Flask) -> None:
    there = {
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & {"GET", "POST"}
    }
    assert there == set(wanted())


@pytest.mark.parametrize("who", ["visitor", *sorted(SIGNED_IN)])
def test_a_route_opens_to_those_in_the_list_and_to_nobody_else(
    app: Flask, client: FlaskClient, cast: Cast, sign_in_as: SignInAs, who: str
) -> None:
    for (method, rule), allowed in sorted(wanted().items()):
        browser = app.test_client()  # a fresh one each, since some routes sign out
        if who != "visitor":
            sign_in_as(browser, getattr(cast, who))
        path = re.sub(r"<int:\w+>", "999999", re.sub(r"<any\(.*?\):\w+>", "solved", rule))
        answer = browser.open(re.sub(r"<\w+:?\w*>", "mallory", path), method=method)
        if who in WHO[allowed]:
            assert answer.status_code not in {401, 403} and answer.status_code < 500, (method, rule)
            assert "/sign-in?next" not in answer.headers.get("Location", ""), (method, rule)
        elif allowed == "key":
            assert answer.status_code == 401, (method, rule)
        elif who != "visitor":
            assert answer.status_code == 403, (method, rule)
        elif method == "POST":
            assert answer.status_code == 401, (method, rule)
        else:
            assert "/sign-in?next" in answer.headers.get("Location", ""), (method, rule)
