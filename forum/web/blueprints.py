"""The list of blueprints, one per resource."""

from __future__ import annotations

from flask import Blueprint

from forum.web.acceptance import acceptance
from forum.web.account import account
from forum.web.api import api
from forum.web.asking import asking
from forum.web.boards import boards
from forum.web.contacts import contacts
from forum.web.costs import costs
from forum.web.deflection import deflection
from forum.web.deflection_exports import deflection_exports
from forum.web.deflection_rows import deflection_rows
from forum.web.deliveries import deliveries
from forum.web.front import front
from forum.web.health import health
from forum.web.language import language
from forum.web.mentions import mentions
from forum.web.networks import networks
from forum.web.own_data import personal
from forum.web.passwords import passwords
from forum.web.people import people
from forum.web.periods import periods
from forum.web.person_controls import person_controls
from forum.web.posts import posts
from forum.web.reading import reading
from forum.web.sandbox import sandbox
from forum.web.saved_views import saved_views
from forum.web.searching import searching
from forum.web.set_up import set_up
from forum.web.sign_in import signing_in
from forum.web.targets import targets
from forum.web.threads import threads
from forum.web.tokens_admin import tokens
from forum.web.what_if import what_if

BLUEPRINTS: tuple[Blueprint, ...] = (
    health,
    front,
    threads,
    reading,
    posts,
    acceptance,
    asking,
    boards,
    searching,
    people,
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
)
