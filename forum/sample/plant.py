"""Plants the sample community through the same actions that people use, each at its own time in the past."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.accept_answer import accept_answer
from forum.actions.answer import answer
from forum.actions.ask import ask
from forum.actions.comment import comment
from forum.actions.follow_thread import have_same_problem
from forum.actions.give_kudos import give_kudos
from forum.actions.import_mentions import Heard, new_mention, store_posts, weigh
from forum.actions.index_threads import index_threads
from forum.actions.mirror_answer import Outside, mirror_answer
from forum.actions.name_superfan import name_superfan
from forum.actions.open_network import OpenNetwork
from forum.actions.qualify_claims import qualify_claims
from forum.actions.sign_up import sign_up
from forum.actions.tag_thread import tag_thread
from forum.actions.triage_mentions import open_thread
from forum.kernel.base import Base
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.kernel.lease import Switch
from forum.ledger.claim import Claim, Kind
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.markup.port import Markup
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxPost
from forum.outbox.claiming import due
from forum.outbox.delivery import Kind as DeliveryKind
from forum.people.account import Account
from forum.people.roles import Role
from forum.sample.community import community
from forum.sample.content import Community, SamplePerson, SampleReply, SampleThread
from forum.search.port import Index
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread

BRAND = "routerly"
CHANNELS = {"phone": "phone", "chat": "chat", "e-mail": "email", "store": "store"}
