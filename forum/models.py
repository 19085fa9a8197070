"""Every model, imported once, so that metadata is whole before migrations and queries."""

from forum.kernel import lease
from forum.ledger import (
    claim,
    closed_period,
    contact,
    cost,
    entry,
    programme,
    reader_week,
    report_view,
    survey,
    totals,
)
from forum.listening import connection, mention
from forum.moderation import log
from forum.networks.sandbox import models as sandbox
from forum.outbox import delivery
from forum.people import account, api_token
from forum.superfans import grant, points
from forum.threads import acceptance, board, post, thread

__all__ = [
    "acceptance",
    "account",
    "api_token",
    "board",
    "claim",
    "closed_period",
    "connection",
    "contact",
    "cost",
    "delivery",
    "entry",
    "grant",
    "lease",
    "log",
    "mention",
    "points",
    "post",
    "programme",
    "reader_week",
    "report_view",
    "sandbox",
    "survey",
    "thread",
    "totals",
]
