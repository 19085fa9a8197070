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
from forum.notices import notice
from forum.outbox import delivery
from forum.people import account, api_token
from forum.superfans import badge, grant, helping, points, rank, standings, suspicion
from forum.threads import acceptance, board, imported, post, thread

__all__ = [
    "acceptance",
    "account",
    "api_token",
    "badge",
    "board",
    "claim",
    "closed_period",
    "connection",
    "contact",
    "cost",
    "delivery",
    "entry",
    "grant",
    "helping",
    "imported",
    "lease",
    "log",
    "mention",
    "notice",
    "points",
    "post",
    "programme",
    "rank",
    "reader_week",
    "report_view",
    "sandbox",
    "standings",
    "survey",
    "suspicion",
    "thread",
    "totals",
]
