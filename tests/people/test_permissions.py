"""The permission table, walked for every act and every standing against a copy written by hand."""

from __future__ import annotations

import pytest

from forum.kernel.errors import NotAllowed
from forum.people.permissions import RIGHTS, Act, may, require
from forum.people.roles import Role, Standing
from tests.cast import JOINED, person

# Written by hand from what the product promises, not from the table: a change of rights changes both.
#                             visitor customer superfan agent moderator finance admin
WANTED = """
read                          yes     yes      yes      yes   yes       yes     yes
ask                           -       yes      yes      yes   yes       yes     yes
answer                        -       yes      yes      yes   yes       yes     yes
comment                       -       yes      yes      yes   yes       yes     yes
edit_own_post                 -       yes      yes      yes   yes       yes     yes
edit_any_post                 -       -        -        -     yes       -       yes
give_kudos                    -       yes      yes      yes   yes       yes     yes
have_same_problem             -       yes      yes      yes   yes       yes     yes
follow                        -       yes      yes      yes   yes       yes     yes
accept_on_own_thread          -       yes      yes      yes   yes       yes     yes
accept_for_others             -       -        yes      yes   yes       -       yes
reopen_own_thread             -       yes      yes      yes   yes       yes     yes
withdraw_any_acceptance       -       -        -        yes   yes       -       yes
send_without_approval         -       -        yes      yes   yes       -       yes
approve_replies               -       -        -        yes   yes       -       yes
see_mentions                  -       -        -        yes   yes       -       yes
route_mentions                -       -        -        yes   yes       -       yes
settle_deliveries             -       -        -        yes   yes       -       yes
name_superfans                -       -        -        -     yes       -       yes
connect_networks              -       -        -        -     -         -       yes
see_deflection_counts         -       -        -        yes   yes       yes     yes
see_deflection_report         -       -        -        -     -         yes     yes
enter_costs                   -       -        -        -     -         yes     yes
export_deflection             -       -        -        -     -         yes     yes
import_contacts               -       -        -        -     -         yes     yes
close_periods                 -       -        -        -     -         yes     yes
set_targets                   -       -        -        -     -         -       yes
make_api_tokens               -       -        -        -     -         -       yes
set_customer_numbers          -       -        -        yes   yes       -       yes
erase_people                  -       -        -        -     -         -       yes
switch_sandbox                -       -        -        -     -         -       yes
give_roles                    -       -        -        -     -         -       yes
arrange_boards                -       -        -        -     -         -       yes
use_sandbox                   -       yes      yes      yes   yes       yes     yes
edit_tags                     -       -        yes      yes   yes       -       yes
move_threads                  -       -        yes      yes   yes       -       yes
enter_private_boards          -       -        yes      yes   yes       -       yes
keep_ranks                    -       -        -        -     -         -       yes
see_programme                 -       -        -        yes   yes       -       yes
thank_members                 -       -        -        yes   yes       -       yes
export_programme              -       -        -        -     yes       -       yes
settle_suspicions             -       -        -        -     yes       -       yes
revoke_badges                 -       -        -        -     yes       -       yes
"""
STANDINGS = ("visitor", "customer", "superfan", "agent", "moderator", "finance", "admin")
SOMEBODY = {
    "visitor": None,
    "customer": person("ada"),
    "superfan": person("sue", superfan_since=JOINED, rights=list(RIGHTS)),
    "agent": person("ann", Role.AGENT),
    "moderator": person("cleo", Role.MODERATOR),
    "finance": person("fay", Role.FINANCE),
    "admin": person("max", Role.ADMIN),
}
ROWS = [line.split() for line in WANTED.strip().splitlines()]
CASES = [
    (act, standing, word == "yes") for act, *words in ROWS for standing, word in zip(STANDINGS, words, strict=True)
]


@pytest.mark.parametrize(("act", "standing", "allowed"), CASES)
def test_everybody_may_do_what_the_table_says_and_nothing_else(act: str, standing: str, allowed: bool) -> None:
    assert may(SOMEBODY[standing], Act(act)) is allowed


def test_no_act_and_no_standing_is_left_out() -> None:
    assert {row[0] for row in ROWS} == set(Act)
    assert set(STANDINGS) == set(Standing)


def test_a_closed_account_may_what_a_visitor_may() -> None:
    closed = person("gone", Role.ADMIN, closed_at=JOINED)
    assert [act for act in Act if may(closed, act)] == [Act.READ]


def test_a_superfan_may_of_the_rights_those_alone_that_rank_or_grant_names() -> None:
    for right in RIGHTS:
        one = person("sue", superfan_since=JOINED, rights=[right])
        assert [act for act in RIGHTS if may(one, act)] == [right]


def test_rights_without_the_superfan_status_are_none() -> None:
    assert not [act for act in RIGHTS if may(person("ada", rights=list(RIGHTS)), act)]


def test_staff_keep_their_role_though_they_were_superfans_once() -> None:
    assert person("ann", Role.AGENT, superfan_since=JOINED).standing == Standing.AGENT


def test_who_may_not_is_told_so() -> None:
    with pytest.raises(NotAllowed):
        require(SOMEBODY["customer"], Act.GIVE_ROLES)
