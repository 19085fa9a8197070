"""The permission table: every act and who may do it. Actions ask it; tests walk it for every role.

What depends on the thing itself (the asker's own thread, an own post) is a rule of the action; the table then has two
acts, one for one's own and one for anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from forum.kernel.errors import NotAllowed
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.roles import Standing


class Act(StrEnum):
    READ = "read"
    ASK = "ask"
    ANSWER = "answer"
    COMMENT = "comment"
    EDIT_OWN_POST = "edit_own_post"
    EDIT_ANY_POST = "edit_any_post"
    GIVE_KUDOS = "give_kudos"
    HAVE_SAME_PROBLEM = "have_same_problem"
    FOLLOW = "follow"
    ACCEPT_ON_OWN_THREAD = "accept_on_own_thread"
    ACCEPT_FOR_OTHERS = "accept_for_others"
    REOPEN_OWN_THREAD = "reopen_own_thread"
    WITHDRAW_ANY_ACCEPTANCE = "withdraw_any_acceptance"
    SEND_WITHOUT_APPROVAL = "send_without_approval"
    APPROVE_REPLIES = "approve_replies"
    SEE_MENTIONS = "see_mentions"
    ROUTE_MENTIONS = "route_mentions"
    SETTLE_DELIVERIES = "settle_deliveries"
    NAME_SUPERFANS = "name_superfans"
    CONNECT_NETWORKS = "connect_networks"
    SEE_DEFLECTION_COUNTS = "see_deflection_counts"
    SEE_DEFLECTION_REPORT = "see_deflection_report"
    ENTER_COSTS = "enter_costs"
    EXPORT_DEFLECTION = "export_deflection"
    IMPORT_CONTACTS = "import_contacts"
    CLOSE_PERIODS = "close_periods"
    SET_TARGETS = "set_targets"
    MAKE_API_TOKENS = "make_api_tokens"
    SET_CUSTOMER_NUMBERS = "set_customer_numbers"
    ERASE_PEOPLE = "erase_people"
    SWITCH_SANDBOX = "switch_sandbox"
    GIVE_ROLES = "give_roles"
    ARRANGE_BOARDS = "arrange_boards"
    USE_SANDBOX = "use_sandbox"
    EDIT_TAGS = "edit_tags"
    MOVE_THREADS = "move_threads"
    ENTER_PRIVATE_BOARDS = "enter_private_boards"
    KEEP_RANKS = "keep_ranks"
    SEE_PROGRAMME = "see_programme"
    THANK_MEMBERS = "thank_members"
    EXPORT_PROGRAMME = "export_programme"
    SETTLE_SUSPICIONS = "settle_suspicions"
    REVOKE_BADGES = "revoke_badges"


V, C, S, A, M, F, X = Standing  # visitor, customer, superfan, agent, moderator, finance, admin
SIGNED_IN = frozenset({C, S, A, M, F, X})
BRAND = frozenset({A, M, X})

TABLE: Mapping[Act, frozenset[Standing]] = {
    Act.READ: SIGNED_IN | {V},
    Act.ASK: SIGNED_IN,
    Act.ANSWER: SIGNED_IN,
    Act.COMMENT: SIGNED_IN,
    Act.EDIT_OWN_POST: SIGNED_IN,
    Act.EDIT_ANY_POST: frozenset({M, X}),
    Act.GIVE_KUDOS: SIGNED_IN,
    Act.HAVE_SAME_PROBLEM: SIGNED_IN,
    Act.FOLLOW: SIGNED_IN,
    Act.ACCEPT_ON_OWN_THREAD: SIGNED_IN,
    Act.ACCEPT_FOR_OTHERS: BRAND | {S},
    Act.REOPEN_OWN_THREAD: SIGNED_IN,
    Act.WITHDRAW_ANY_ACCEPTANCE: BRAND,
    Act.SEND_WITHOUT_APPROVAL: BRAND | {S},
    Act.APPROVE_REPLIES: BRAND,
    Act.SEE_MENTIONS: BRAND,
    Act.ROUTE_MENTIONS: BRAND,
    Act.SETTLE_DELIVERIES: BRAND,
    Act.NAME_SUPERFANS: frozenset({M, X}),
    Act.CONNECT_NETWORKS: frozenset({X}),
    Act.SEE_DEFLECTION_COUNTS: BRAND | {F},
    Act.SEE_DEFLECTION_REPORT: frozenset({F, X}),
    Act.ENTER_COSTS: frozenset({F, X}),
    Act.EXPORT_DEFLECTION: frozenset({F, X}),
    Act.IMPORT_CONTACTS: frozenset({F, X}),
    Act.CLOSE_PERIODS: frozenset({F, X}),
    Act.SET_TARGETS: frozenset({X}),
    Act.MAKE_API_TOKENS: frozenset({X}),
    Act.SET_CUSTOMER_NUMBERS: BRAND,
    Act.ERASE_PEOPLE: frozenset({X}),
    Act.SWITCH_SANDBOX: frozenset({X}),
    Act.GIVE_ROLES: frozenset({X}),
    Act.ARRANGE_BOARDS: frozenset({X}),
    Act.USE_SANDBOX: SIGNED_IN,
    Act.EDIT_TAGS: BRAND | {S},
    Act.MOVE_THREADS: BRAND | {S},
    Act.ENTER_PRIVATE_BOARDS: BRAND | {S},
    Act.KEEP_RANKS: frozenset({X}),
    Act.SEE_PROGRAMME: BRAND,
    Act.THANK_MEMBERS: BRAND,
    Act.EXPORT_PROGRAMME: frozenset({M, X}),
    Act.SETTLE_SUSPICIONS: frozenset({M, X}),
    Act.REVOKE_BADGES: frozenset({M, X}),
}


# What a rank, or staff, can give a superfan one by one; the table says who may have it at all.
RIGHTS = (
    Act.ACCEPT_FOR_OTHERS,
    Act.SEND_WITHOUT_APPROVAL,
    Act.EDIT_TAGS,
    Act.MOVE_THREADS,
    Act.ENTER_PRIVATE_BOARDS,
)


def may(account: Account | None, act: Act) -> bool:
    """Whether the table lets `account` (None: a visitor) do `act`. A closed account is a visitor.

    Of the acts in RIGHTS a superfan may those alone that their rank or grant names.
    """
    standing = _standing(account)
    if standing == S and act in RIGHTS and account is not None:
        return act in account.rights
    return standing in TABLE[act]


def require(account: Account | None, act: Act) -> None:
    """Raises NotAllowed unless the table says yes."""
    if not may(account, act):
        raise NotAllowed(Message("You may not do that here."))


def _standing(account: Account | None) -> Standing:
    return V if account is None or account.closed_at is not None else account.standing
