"""Everything that web and workers need from outside, opened from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from forum.kernel.clock import utc_now
from forum.kernel.database import open_engine
from forum.kernel.sealing import Seal
from forum.kernel.settings import Settings
from forum.kernel.signing import Signer
from forum.ledger.contact_keys import ContactKeys
from forum.markup.port import Markup
from forum.networks.port import Networks
from forum.outbox.mail import Mailer
from forum.search.port import Excerpts, Index, Subjects
from forum.wiring.bell import Bell, RedisBell
from forum.wiring.mailer import FolderMailer, SmtpMailer
from forum.wiring.salts import Salts
from forum.wiring.sign_ins import SealedSignIns
from forum.wiring.waiting_views import Asked, WaitingViews


@dataclass(frozen=True)
class Parts:
    """Opened once per process, each part when it is first asked for; heavy libraries are imported then."""

    settings: Settings
    clock: Callable[[], datetime] = utc_now  # of jobs and the schedule; a request tells its own time

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Sessions outside a request; each transaction of theirs is short."""
        return sessionmaker(open_engine(self.settings.database_url), expire_on_commit=False)

    @cached_property
    def markup(self) -> Markup:
        from forum.markup.renderer import MarkdownMarkup  # noqa: PLC0415  imports Markdown and bleach

        return MarkdownMarkup()

    @cached_property
    def index(self) -> Index:
        from forum.search.whoosh_index import WhooshIndex  # noqa: PLC0415  imports Whoosh

        return WhooshIndex(self.settings.data_dir / "index")

    @cached_property
    def excerpts(self) -> Excerpts:
        from forum.search.excerpt import MarkedExcerpts  # noqa: PLC0415  imports the analyser

        return MarkedExcerpts()

    @cached_property
    def subjects(self) -> Subjects:
        from forum.search.telling import subject_of  # noqa: PLC0415  imports the analyser

        return subject_of

    @cached_property
    def networks(self) -> Networks:
        from forum.networks.catalogue import Catalogue  # noqa: PLC0415  only who asks networks needs it

        return Catalogue(
            allow=self.settings.allow_private_hosts,
            session_factory=self.sessions,
            public_url=self.settings.public_url,
            sign_ins=SealedSignIns(lambda: self.redis, self.seal),
        )

    @cached_property
    def seal(self) -> Seal:
        return Seal(self.settings.credentials_key)

    @cached_property
    def card_signer(self) -> Signer:
        return Signer(self.settings.card_key)

    @cached_property
    def contact_keys(self) -> ContactKeys:
        return ContactKeys.derived_from(self.settings.credentials_key)

    @cached_property
    def redis(self) -> Redis:
        url = self.settings.redis_url or f"unix://{self.settings.data_dir.resolve()}/redis/redis.sock"
        return Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)

    @cached_property
    def bell(self) -> Bell:
        return RedisBell(self.redis)

    @cached_property
    def salts(self) -> Salts:
        embedded = self.settings.redis_url is None
        return Salts(lambda: self.redis, self.sessions, self.settings.time_zone, embedded=embedded)

    @cached_property
    def views(self) -> WaitingViews:
        return WaitingViews(lambda: self.redis)

    @cached_property
    def asked(self) -> Asked:
        return Asked(lambda: self.redis, self.settings.time_zone)

    @cached_property
    def mailer(self) -> Mailer:
        settings = self.settings
        if settings.smtp_url:
            return SmtpMailer(settings.smtp_url, settings.mail_from)
        return FolderMailer(settings.mail_folder, settings.mail_from)
