"""A community that does not exist, of which all is known: who would have contacted us, who did, who answered, who is a bot.

It is drawn anew for each seed. What the product can see of it goes through the product's own rules (deciding.py,
proportion.py, estimate.py); what it cannot see is the truth that its range is held against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import numpy
from numpy.typing import NDArray

from forum.ledger.claim import Claim, Kind, Reason
from forum.ledger.deciding import Evidence, Read, ReaderEvidence, what_a_reader_counts_for, why_it_lapses
from forum.ledger.estimate import ENOUGH, Sum
from forum.ledger.proportion import Proportion

Bits = NDArray[numpy.bool_]
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
DUE = NOON + timedelta(days=7)


@dataclass(frozen=True)
class Network:
    mentions: int  # answered by the community and mirrored back, in a month
    before: int  # comparable mentions of the 90 days before
    staff_would_answer: float


@dataclass(frozen=True)
class World:
    """How the community is, by month. Shares are chances, of each person apart."""

    months: tuple[str, ...] = ("2026-10",)
    askers: int = 400  # whose thread another member's answer solved
    asker_would_contact: float = 0.55
    asker_says_so: float = 0.5  # answers the question at acceptance; the others are silent
    asker_contacts_anyway: float = 0.06  # of those who would have: the answer did not save it
    contact_is_known: float = 0.8  # that contact stands in the data, at once or late, and is matched
    networks: Mapping[str, Network] = field(
        default_factory=lambda: {"bluesky": Network(200, 300, 0.14), "x": Network(120, 250, 0.30)}
    )
    reply_arrives: float = 0.95
    agent_replies: float = 0.05
    not_helped: float = 0.08  # whoever asked on a network; then nothing was saved
    says_unsolved: float = 0.8  # of those
    readers: int = 20_000  # human reader-weeks of solved threads
    joint: float = 0.03  # came with a problem, found the answer, would have contacted us, needs nothing more
    reader_contacts_anyway: float = 0.0  # of those: though they said that they need nothing more
    askers_signed_out: int = 0  # reader-weeks of people who asked and cannot be told from readers
    staff: int = 200
    own: int = 150  # signed-in reader-weeks of people who read their own threads alone
    bots: int = 4_000
    bot_is_found: float = 0.96
    survey_share: float = 0.10
    reader_answers: float = 0.4  # of those drawn
    yes_answers_more: float = 1.0  # how many times as likely an answer is of those whose answer is yes


@dataclass(frozen=True)
class Asker:
    said: str | None  # yes, no; None: silent
    contact_known: bool
    contact_late: bool  # it came in after the claim had qualified, and was taken back
    saved: bool  # the truth, which nobody sees


@dataclass(frozen=True)
class Mentioned:
    arrived: bool
    agent_replied: bool
    said_unsolved: bool
    saved: bool


@dataclass(frozen=True)
class Reader:
    sort: str  # human, asker (signed out), staff, own, bot, hidden bot
    answer: str  # "": not drawn; silent, yes, no: of the survey
    saved: bool


@dataclass(frozen=True)
class Month:
    name: str
    askers: Counter[Asker]
    mentioned: Mapping[str, Counter[Mentioned]]
    staff_before: Mapping[str, Proportion]
    readers: Counter[Reader]

    @property
    def saved(self) -> Mapping[str, int]:
        """The contacts that really did not happen, by kind."""
        social = sum((sum(n for one, n in group.items() if one.saved) for group in self.mentioned.values()), 0)
        return {
            Kind.DIRECT: sum(count for one, count in self.askers.items() if one.saved),
            Kind.SOCIAL: social,
            Kind.INDIRECT: sum(count for one, count in self.readers.items() if one.saved),
        }


@dataclass
class Seen:
    """What the product makes of months: sums by kind, and the rates that they hang on."""

    sums: dict[str, Sum] = field(
        default_factory=lambda: {kind: Sum() for kind in (Kind.DIRECT, Kind.SOCIAL, Kind.INDIRECT)}
    )
    rates: dict[str, Proportion] = field(default_factory=dict)
    silent: dict[str, int] = field(default_factory=dict)

    def total(self) -> Sum:
        whole = Sum()
        for part in self.sums.values():
            whole.known += part.known
            for name, amount in part.per_rate.items():
                whole.add(amount, name)
        return whole


def draw(world: World, seed: int) -> list[Month]:
    chance = numpy.random.RandomState(seed)
    return [_month(world, name, chance) for name in world.months]


def look(months: list[Month]) -> Seen:
    """As the ledger and the report do: qualify, count, and take each rate from its cohort."""
    seen = Seen()
    for month in months:
        _look_at_askers(seen, month)
        for network, group in month.mentioned.items():
            name = f"social:{network}:{month.name}"
            standing = sum(count for one, count in group.items() if why_social(one) is None)
            seen.sums[Kind.SOCIAL].add(Decimal(standing), name)
            seen.rates[name] = month.staff_before[network]
        _look_at_readers(seen, month)
    return seen


@lru_cache
def why_direct(asker: Asker) -> Reason | None:
    claim = Claim(kind=Kind.DIRECT, intent=asker.said, opened_at=NOON, due_at=DUE)
    return why_it_lapses(claim, Evidence(contacted=asker.contact_known, covered=True))


@lru_cache
def why_social(one: Mentioned) -> Reason | None:
    reply = "sent" if one.arrived else "failed"
    evidence = Evidence(agent_replied=one.agent_replied, came_back=one.said_unsolved, reply=reply, replied_at=NOON)
    return why_it_lapses(Claim(kind=Kind.SOCIAL, opened_at=NOON, due_at=DUE), evidence)


@lru_cache
def counts(reader: Reader) -> bool:
    read = Read(thread_id=1, acceptance_id=1, first_at=NOON, stands=True, own=reader.sort == "own")
    evidence = ReaderEvidence([read], is_bot=reader.sort == "bot", by_staff=reader.sort == "staff")
    return isinstance(what_a_reader_counts_for(evidence), Read)


def _look_at_askers(seen: Seen, month: Month) -> None:
    name = f"direct:{month.name}"
    answered: Counter[str] = Counter()
    for asker, count in month.askers.items():
        why = why_direct(asker)
        if asker.said is not None and why in {None, Reason.WOULD_NOT_HAVE_CONTACTED}:
            answered[asker.said] += count
        if why is None:
            seen.sums[Kind.DIRECT].add(Decimal(count), None if asker.said == "yes" else name)
    seen.rates[name] = Proportion(answered["yes"], answered["yes"] + answered["no"])


def _look_at_readers(seen: Seen, month: Month) -> None:
    name = f"indirect:{month.name}"
    standing = [(reader, count) for reader, count in month.readers.items() if counts(reader)]
    seen.sums[Kind.INDIRECT].add(Decimal(sum(count for _reader, count in standing)), name)
    answers: Counter[str] = Counter()
    for reader, count in standing:
        answers[reader.answer] += count
    known = Proportion(answers["yes"], answers["yes"] + answers["no"])
    if known.of >= ENOUGH:
        seen.rates[name], seen.silent[name] = known, answers["silent"]


def _month(world: World, name: str, chance: numpy.random.RandomState) -> Month:
    return Month(
        name=name,
        askers=_askers(world, chance),
        mentioned={key: _mentioned(world, network, chance) for key, network in world.networks.items()},
        staff_before={
            key: Proportion(int(chance.binomial(network.before, network.staff_would_answer)), network.before)
            for key, network in world.networks.items()
        },
        readers=_readers(world, chance),
    )


def _askers(world: World, chance: numpy.random.RandomState) -> Counter[Asker]:
    size = world.askers
    would = chance.random_sample(size) < world.asker_would_contact
    says = chance.random_sample(size) < world.asker_says_so
    did = would & (chance.random_sample(size) < world.asker_contacts_anyway)
    known = did & (chance.random_sample(size) < world.contact_is_known)
    lateness = known & (chance.random_sample(size) < 0.3)
    found: Counter[Asker] = Counter()
    for (w, s, d, k, late), count in _grouped(would, says, did, known, lateness).items():
        found[Asker(("yes" if w else "no") if s else None, k, late, bool(w and not d))] += count
    return found


def _mentioned(world: World, network: Network, chance: numpy.random.RandomState) -> Counter[Mentioned]:
    size = network.mentions
    staff_would = chance.random_sample(size) < network.staff_would_answer
    arrived = chance.random_sample(size) < world.reply_arrives
    agent = chance.random_sample(size) < world.agent_replies
    unhelped = chance.random_sample(size) < world.not_helped
    said = unhelped & (chance.random_sample(size) < world.says_unsolved)
    found: Counter[Mentioned] = Counter()
    for (w, a, g, u, s), count in _grouped(staff_would, arrived, agent, unhelped, said).items():
        found[Mentioned(a, g, s, bool(w and a and not g and not u))] += count
    return found


def _readers(world: World, chance: numpy.random.RandomState) -> Counter[Reader]:
    found: Counter[Reader] = Counter()
    sorts = {"human": world.readers, "asker": world.askers_signed_out, "staff": world.staff, "own": world.own}
    for sort, size in sorts.items():
        share = world.joint if sort == "human" else 0.4  # whoever asked says yes more often, and is counted as an asker
        would = chance.random_sample(size) < share
        did = chance.random_sample(size) < world.reader_contacts_anyway
        drawn = chance.random_sample(size) < world.survey_share
        willing = world.reader_answers * numpy.where(would, world.yes_answers_more, 1.0)
        answers = drawn & (chance.random_sample(size) < willing)
        for (w, n, d, a), count in _grouped(would, did, drawn, answers).items():
            answer = "" if not d else "silent" if not a else "yes" if w else "no"
            found[Reader(sort, answer, bool(w and not n and sort == "human"))] += count
    known = int(chance.binomial(world.bots, world.bot_is_found))
    for sort, size in (("bot", known), ("hidden bot", world.bots - known)):
        drawn_bots = int(chance.binomial(size, world.survey_share))
        found[Reader(sort, "silent", saved=False)] += drawn_bots
        found[Reader(sort, "", saved=False)] += size - drawn_bots
    return found


def _grouped(*facts: Bits) -> Mapping[tuple[bool, ...], int]:
    """How many there are of each combination."""
    code = sum((fact.astype(int) << place for place, fact in enumerate(facts)), numpy.zeros(len(facts[0]), int))
    return {
        tuple(bool(number >> place & 1) for place in range(len(facts))): int(count)
        for number, count in enumerate(numpy.bincount(code))
        if count
    }
