"""Every model, imported once, so that metadata is whole before migrations and queries."""

from forum.kernel import lease
from forum.ledger import claim, cost, entry
from forum.listening import connection, mention
from forum.moderation import log
from forum.networks.sandbox import models as sandbox
from forum.outbox import delivery
from forum.people import account
from forum.superfans import grant, points
from forum.threads import acceptance, board, post, thread

__all__ = [
    "acceptance",
    "account",
    "board",
    "claim",
    "connection",
    "cost",
    "delivery",
    "entry",
    "grant",
    "lease",
    "log",
    "mention",
    "points",
    "post",
    "sandbox",
    "thread",
]
