"""The list of blueprints, one per resource."""

from __future__ import annotations

from flask import Blueprint

from forum.web.acceptance import acceptance
from forum.web.account import account
from forum.web.api import api
from forum.web.asking import asking
from forum.web.badges_admin import badges_admin
from forum.web.boards import boards
from forum.web.cards import cards
from forum.web.contacts import contacts
from forum.web.costs import costs
from forum.web.deflection import deflection
from forum.web.deflection_exports import deflection_exports
from forum.web.deflection_rows import deflection_rows
from forum.web.deliveries import deliveries
from forum.web.front import front
from forum.web.gaming import gaming
from forum.web.health import health
from forum.web.help_now import help_now
from forum.web.language import language
from forum.web.leaderboards import leaderboards
from forum.web.mentions import mentions
from forum.web.networks import networks
from forum.web.notice_choices import notice_choices
from forum.web.notices import notices
from forum.web.own_data import personal
from forum.web.own_expertise import own_expertise
from forum.web.passwords import passwords
from forum.web.people import people
from forum.web.periods import periods
from forum.web.person_controls import person_controls
from forum.web.points_admin import points_admin
from forum.web.posts import posts
from forum.web.programme import programme
from forum.web.ranks import ranks
from forum.web.ranks_admin import ranks_admin
from forum.web.reading import reading
from forum.web.reply_ladder import reply_ladder
from forum.web.sandbox import sandbox
from forum.web.saved_views import saved_views
from forum.web.searching import searching
from forum.web.set_up import set_up
from forum.web.sign_in import signing_in
from forum.web.superfan_acts import superfan_acts
from forum.web.superfans import superfans
from forum.web.targets import targets
from forum.web.thread_controls import thread_controls
from forum.web.threads import threads
from forum.web.tokens_admin import tokens
from forum.web.what_if import what_if

BLUEPRINTS: tuple[Blueprint, ...] = (
    health,
    front,
    threads,
    thread_controls,
    reading,
    posts,
    acceptance,
    asking,
    boards,
    searching,
    people,
    cards,
    signing_in,
    passwords,
    account,
    language,
    set_up,
    sandbox,
    person_controls,
    networks,
    mentions,
    deliveries,
    gaming,
    reply_ladder,
    superfans,
    superfan_acts,
    programme,
    deflection,
    deflection_rows,
    deflection_exports,
    what_if,
    periods,
    costs,
    targets,
    saved_views,
    contacts,
    api,
    tokens,
    personal,
    help_now,
    own_expertise,
    notices,
    notice_choices,
    ranks,
    ranks_admin,
    badges_admin,
    points_admin,
    leaderboards,
)
