"""The jobs. Each loads, calls one action and settles; each is safe to run twice and to kill anywhere."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

import forum.models  # noqa: F401  every model must be known before the first query
from forum.actions.ask_for_help import ask_for_help as ask_members
from forum.actions.count_views import count_views as count_batch
from forum.actions.count_views import forget_view_batches
from forum.actions.find_gaming import find_gaming as find_gaming_in
from forum.actions.finish_settling import finish_settling as finish_settling_in
from forum.actions.forget_old_notices import forget_old_notices as forget_old_notices_in
from forum.actions.import_contacts import Importing, import_waiting_contacts
from forum.actions.import_mentions import import_mentions as import_mentions_of
from forum.actions.index_threads import index_is_whole, index_threads, rebuild_index
from forum.actions.learn_expertise import learn_anew, learn_due
from forum.actions.mail_impact import mail_impact as mail_impact_of
from forum.actions.mail_reports import mail_reports as mail_reports_of
from forum.actions.mirror_answer import Outside, mirror_answer
from forum.actions.open_network import Opener
from forum.actions.promote_superfan import promote_due
from forum.actions.read_conversations import read_due_conversations
from forum.actions.receive_contact_file import forget_old_previews
from forum.actions.retract_reply import retract_reply
from forum.actions.review_members import mark_stale, review_due
from forum.actions.send_mail import send_mail
from forum.actions.settle_due import settle_due
from forum.actions.spread_news import spread_news
from forum.actions.triage_mentions import triage_mentions
from forum.exports.mail_writer import mail_writer
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.kernel.settings import Settings
from forum.listening.connection import Connection
from forum.listening.triage import triage
from forum.networks.port import NetworkError
from forum.outbox.claiming import due
from forum.outbox.delivery import Kind
from forum.search.port import IndexBusy
from forum.wiring.bell import ring_key
from forum.wiring.parts import Parts
from forum.wiring.translator import say
from workers.dropped_contacts import take_dropped

log = logging.getLogger(__name__)

BATCHES_AT_ONCE = 50  # of views, 5,000 each: well within a job's time
AT_ONCE = 20  # deliveries a job takes before it looks again, so that no job runs for ever


_chosen: list[Parts] = []


def work_with(parts: Parts) -> None:
    """Choose the parts of all jobs of this process, before the first of them; otherwise the environment chooses."""
    _chosen[:] = [parts]
    opener.cache_clear()


def parts() -> Parts:
    if not _chosen:
        work_with(Parts(Settings.from_environment(os.environ)))
    return _chosen[0]


@lru_cache(maxsize=1)
def opener() -> Opener:
    return Opener(parts().networks, parts().seal)


def warm() -> None:
    """Load what jobs need before the worker forks for the first of them: libraries, models, the networks in use."""
    triage("warm", None)
    parts().markup.render("warm")
    parts().index.count()
    with parts().sessions() as session:
        connections = session.scalars(select(Connection).where(Connection.removed_at.is_(None))).all()
    for connection in connections:
        try:
            opener()(connection)  # imports the SDK and signs in nowhere
        except (NetworkError, ForumError) as error:  # its page says so too; the other work goes on
            log.warning("connection %s cannot be opened: %s", connection.id, error)


def index_due() -> None:
    _answer_bell("index_due")
    try:
        while index_threads(parts().sessions, parts().index, parts().clock):
            pass
    except IndexBusy as busy:  # the rows stay, so the next sweep rings again
        log.info("%s", busy)


def mend_index() -> None:
    """Write the index anew where it was lost: it holds another number of threads than there are, and nothing waits."""
    _answer_bell("mend_index")
    if index_is_whole(parts().sessions, parts().index):
        return
    log.warning("the search index does not hold every thread and is written anew")
    rebuild_index(parts().sessions, parts().index, lambda _done: None)


def deliver_due() -> None:
    """Replies to networks and their retractions."""
    _answer_bell("deliver_due")
    outside = Outside(opener(), say, parts().settings.public_url, parts().settings.site_name, parts().clock)
    _each_due(Kind.RETRACTION, lambda delivery_id: retract_reply(parts().sessions, delivery_id, outside))
    _each_due(Kind.REPLY, lambda delivery_id: mirror_answer(parts().sessions, delivery_id, outside))


def tell_due() -> None:
    """Who wants to know what happened in a thread."""
    _answer_bell("tell_due")
    _each_due(Kind.NEWS, lambda delivery_id: spread_news(parts().sessions, delivery_id, parts().clock))


def mail_due() -> None:
    """Mails that only name what they are about are written here."""
    _answer_bell("mail_due")
    write = mail_writer(parts().settings, say, parts().markup, parts().clock)
    _each_due(Kind.MAIL, lambda delivery: send_mail(parts().sessions, delivery, parts().mailer, parts().clock, write))


def mail_reports() -> None:
    """The month's report for every view that is mailed, once its day has come; nothing on all other days."""
    _answer_bell("mail_reports")
    settings, now = parts().settings, parts().clock()
    with writing(), parts().sessions.begin() as session:
        made = mail_reports_of(session, settings.time_zone, now, days=settings.deflection_days)
    if made:
        parts().bell.ring("mail_due")


def mail_impact() -> None:
    """Each helper's week in numbers, once it is Monday morning; nothing where it was made already."""
    _answer_bell("mail_impact")
    with writing(), parts().sessions.begin() as session:
        made = mail_impact_of(session, parts().settings.time_zone, parts().clock())
    if made:
        parts().bell.ring("mail_due")


def import_mentions(connection_id: int) -> None:
    """Read one network, then triage whatever waits, so that a mention is a thread at once."""
    _answer_bell("import_mentions", connection_id)
    import_mentions_of(parts().sessions, connection_id, opener(), parts().clock)
    triage_waiting()


def triage_waiting() -> None:
    """One commit a batch; the index hears of it after the commit."""
    while True:
        with writing(), parts().sessions.begin() as session:
            done = triage_mentions(session, parts().markup, parts().clock())
        if done == 0:
            return
        parts().bell.ring("index_due")


def read_conversations() -> None:
    _answer_bell("read_conversations")
    read_due_conversations(parts().sessions, opener(), parts().clock)
    triage_waiting()


def qualify_due() -> None:
    """Claims and reader-weeks whose day has come, and those of which something became known since."""
    _answer_bell("qualify_due")
    settings, keys = parts().settings, parts().contact_keys
    settle_due(parts().sessions, settings.time_zone, parts().clock(), days=settings.deflection_days, keys=keys)


def find_gaming() -> None:
    """Every night: rings, series of kudos, self-solving, signals of sock puppets."""
    _answer_bell("find_gaming")
    if find_gaming_in(parts().sessions, parts().clock()):
        parts().bell.ring("mail_due")
    finish_settling()


def finish_settling() -> None:
    """Of a verdict on many kudos what its page left; by night what a killed worker left."""
    _answer_bell("finish_settling")
    _until_none(lambda session: finish_settling_in(session, parts().clock()))


def count_views() -> None:
    """One commit a batch, which is removed after it. One that a killed worker left is counted once all the same."""
    _answer_bell("count_views")
    settings, now, taken = parts().settings, parts().clock(), 0
    for batch in parts().views.batches(BATCHES_AT_ONCE):
        with writing(), parts().sessions.begin() as session:
            count_batch(
                session, batch.key, batch.views, zone=settings.time_zone, days=settings.deflection_days, now=now
            )
        parts().views.done(batch)
        taken += 1
    with writing(), parts().sessions.begin() as session:
        forget_view_batches(session, now)
    if taken >= BATCHES_AT_ONCE:
        parts().bell.ring("count_views")


def import_contacts_due() -> None:
    """Files that were confirmed, then previews that nobody came back to."""
    _answer_bell("import_contacts_due")
    import_waiting_contacts(_importing())
    _until_none(lambda session: forget_old_previews(session, parts().clock()))


def take_dropped_contacts() -> None:
    """What other systems have put into the folder."""
    _answer_bell("take_dropped_contacts")
    if (folder := parts().settings.contacts_folder) is not None:
        take_dropped(folder, _importing(), parts().settings.time_zone)


def keep_programme() -> None:
    """Superfans whose probation is over, with nothing declined in it."""
    _answer_bell("keep_programme")
    _until_none(lambda session: promote_due(session, parts().clock()))


def forget_old_notices() -> None:
    """Nightly: what everybody has read long ago."""
    _answer_bell("forget_old_notices")
    _until_none(lambda session: forget_old_notices_in(session, parts().clock()))


def learn_expertise() -> None:
    """Members of whose answers something became known; one commit each."""
    _answer_bell("learn_expertise")
    for _batch in range(BATCHES_AT_ONCE // 5):  # what is left after an import is learnt by the next ring
        if not learn_due(parts().sessions, parts().subjects, parts().clock()):
            return


def learn_expertise_anew() -> None:
    """Nightly: whoever was learnt long ago, so that weights fade in the database too."""
    _answer_bell("learn_expertise_anew")
    with writing(), parts().sessions.begin() as session:
        marked = learn_anew(session, parts().clock())
    if marked:
        parts().bell.ring("learn_expertise")


def ask_for_help() -> None:
    """The next step of every search for somebody to answer; mails of it leave by the outbox."""
    _answer_bell("ask_for_help")
    _until_none(lambda session: ask_members(session, parts().subjects, parts().clock()))


def review_members() -> None:
    """Ranks and badges of members of whom something changed; when there are none, those whom midnight or an admin made stale."""
    _answer_bell("review_members")
    zone = parts().settings.time_zone
    for _batch in range(BATCHES_AT_ONCE // 5):  # 200 members each: well within a job's time
        with writing(), parts().sessions.begin() as session:
            now = parts().clock()
            if not review_due(session, now, zone=zone) and not mark_stale(session, now, zone=zone):
                return
    parts().bell.ring("review_members")


def _importing() -> Importing:
    return Importing(parts().sessions, parts().contact_keys, parts().settings.time_zone, parts().clock)


def _until_none(step: Callable[[Session], int]) -> None:
    """One commit a batch, until a batch finds nothing."""
    while True:
        with writing(), parts().sessions.begin() as session:
            if step(session) == 0:
                return


def _each_due(kind: Kind, send: Callable[[int], object]) -> None:
    while True:
        with parts().sessions() as session:
            ids = due(session, [kind], parts().clock(), AT_ONCE)
        for delivery_id in ids:
            send(delivery_id)
        if len(ids) < AT_ONCE:
            return


def _answer_bell(job: str, *arguments: int) -> None:
    """Whatever is rung from here on is a new ring; what was rung before is done by this run."""
    parts().redis.delete(ring_key(job, *arguments))
