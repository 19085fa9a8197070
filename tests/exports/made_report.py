"""A report made of numbers, as large as a test wants it: for the look of files, not for their figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

from forum.exports.edition import Edition
from forum.ledger.period import Period, periods
from forum.ledger.proportion import Interval, Proportion
from forum.ledger.scenario import Figures, Scenario
from forum.ledger.sensitivity import Change, Swing
from forum.reports.deflection_scope import Dimension, Scope
from forum.reports.deflection_shape import (
    Beside,
    ChannelMix,
    Coverage,
    DeflectionReport,
    Figure,
    Gap,
    Kinds,
    Lapse,
    Late,
    Line,
    OwnRate,
    PriceInForce,
    Programme,
    ProgrammeLine,
    RateInForce,
    ResponseTimes,
    SurveyMonth,
    TopThread,
    WithinTarget,
)
from forum.wiring.translator import say

MADE = datetime(2026, 11, 9, 6, 30, tzinfo=UTC)
TITLES = (
    "My wifi drops every night since the update, and the lamp blinks orange for an hour",
    "路由器更新之后每天晚上断线,指示灯一直闪橙色,重启也没有用,请问怎么办?",
    "更新韌體後 Mesh 節點無法連線",
    "Ωmega и Привет, мой роутер <b>не</b> работает & why",
    "インターネットが切れる 한국어 제목",
    "Router 🦊 dies \U000e0041\ufe0f\u200d \U00013000",
)


def made_report(*, months: int = 3, boards: int = 4, threads: int = 6, money: bool = True) -> DeflectionReport:
    """Every figure is the sum of its months'; other tables split the total in unequal parts."""
    chance = Random(7)
    last = Period(2026, 10)
    scope = Scope(last.moved(1 - months), last)
    window = list(periods(scope.first, scope.last))
    by_month = [
        Line(Dimension.MONTH, month.name, None, _figure(chance.randrange(900, 4000), money)) for month in window
    ]
    total = _sum([line.figure for line in by_month])
    names = [f"Board {number}" if number % 3 else f"家庭网络与 Mesh 第 {number} 版" for number in range(boards)]
    return DeflectionReport(
        scope=scope, open_period=last.moved(1), closed=window[:1], oldest=scope.first,
        currency="EUR" if money else None, has_costs=money, total=total, previous=_figure(1800, money),
        by_month=by_month,
        kinds=Kinds(_split(total, Dimension.KIND, ["indirect", "direct", "social"]), _split(_figure(600, money), Dimension.GRADE, ["checked", "stated"]), 31),
        by_board=_split(total, Dimension.BOARD, [f"b{number}" for number in range(boards)], names),
        by_network=_split(total, Dimension.NETWORK, ["here", "bluesky", "x"], [None, "Bluesky", "X"]),
        by_channel=_split(total, Dimension.CHANNEL, ["phone", "chat", "network", "unnamed"]),
        by_language=_split(total, Dimension.LANGUAGE, ["en", "zh-Hans", "zh-Hant", "ja", "unknown"]),
        coverage=Coverage(210, 390, 61, 92),
        survey=[SurveyMonth(month, 900, 412, 44, True) for month in window[1:]] + [SurveyMonth(window[0], 200, 61, 7, False)],
        rates=[RateInForce(f"direct:{month.name}", "direct", month, None, None, Proportion(310, 402), True, 88, month == window[0]) for month in window]
        + [RateInForce(f"social:bluesky:{month.name}", "social", month, "bluesky", "Bluesky", Proportion(14, 100), True, 40, False) for month in window]
        + [RateInForce(f"indirect:{window[0].name}", "indirect", window[0], None, None, Proportion(7, 61), False, 900, False), RateInForce(f"social:x:{last.name}", "social", last, "x", "X", Proportion(0, 0), False, 3, False)],
        mixes=[ChannelMix(last, "direct", {"phone": 80, "chat": 41}, True, "chat", Decimal("6.8212")), ChannelMix(last, "indirect", {"phone": 8}, False, "chat", Decimal("4.25"))] if money else [],
        prices=[PriceInForce("phone", date(2026, 1, 1), Decimal("8.0100"), Decimal("8.0100"), "EUR", None, "Service ledger 2025, page 4 (Kosten je Anruf)"), PriceInForce("chat", date(2026, 8, 1), Decimal("4.25"), Decimal("4.6512"), "USD", Decimal("0.91374269"), "呼叫中心合同 2026 年版")] if money else [],
        programme=Programme([ProgrammeLine(month, "platform", Decimal("900.00"), Decimal("900.00"), "EUR") for month in window], Decimal(900 * months), [], Decimal(1), Decimal(2), Decimal(3), Decimal("0.5"), Decimal("0.9"), Decimal("1.3"), last, None, None) if money else None,
        if_silent_meant_no=_figure(900, money),
        sensitivity=_swings(last, money), scenario=Scenario((), {}),
        top_threads=[TopThread(7 + number, TITLES[number % len(TITLES)], "x", False, 40 - number % 40, Decimal("3.1415")) for number in range(threads)],
        responses=[ResponseTimes("bluesky", "Bluesky", 90, [WithinTarget(minutes, 40 + minutes // 60, 30, 10 + minutes // 60, Decimal("0.8") if minutes == 60 else None) for minutes in (15, 60, 120, 1440, 0)], 55.0)],
        beside=Beside(120_000, 4_000, 700, 480, 31.0, 240.0, 480, 410),
        waiting=[], waiting_count=12, lapsed_claims=[Lapse("withdrawn", 9), Lapse("contacted", 4)], lapsed_readers=[Lapse("bot", 4000)],
        unpriced=0, late=Late(3, _figure(-3, money)),
        gaps=[Gap("not_enough_answers", kind="indirect", period=window[0], count=61), Gap("no_cost", channel="store", count=4), Gap("no_contact_data", period=window[0]), Gap("salt_lost", week=date(2026, 9, 7), count=12)],
        seed=1927, draws=10_000,
    )  # fmt: skip


def made_edition(language: str = "en", report: DeflectionReport | None = None) -> Edition:
    report = report or made_report()
    hashes = dict.fromkeys(report.closed, "4f" * 32)
    return Edition(report, "Routerly Community", "Fay", MADE, language, say, UTC, hashes, "months=2026-08:2026-10")


def _figure(quantity: int, money: bool) -> Figure:
    likely = Decimal(quantity) * Decimal("0.3127")
    spread = abs(float(likely)) * 0.21
    low, high = float(likely) - spread, float(likely) + spread
    paid = (likely * Decimal("8.01")).quantize(Decimal("0.01"))
    ends = [Decimal(f"{end * 8.01:.2f}") for end in (low, high)]
    return Figure(quantity, low, likely, high, *((ends[0], paid, ends[1]) if money else (None, None, None)))


def _sum(figures: list[Figure]) -> Figure:
    total = _figure(sum(figure.quantity for figure in figures), figures[0].money is not None)
    if total.money is None:
        return total
    return replace(total, money=sum((figure.money or Decimal(0) for figure in figures), Decimal(0)))


def _swings(month: Period, money: bool) -> list[Swing]:
    less = Figures(Decimal(800), Interval(500.0, 900.0), Decimal("6408.00") if money else None, Interval(4000.0, 7200.0) if money else None)  # fmt: skip
    more = replace(less, contacts=Decimal(1100), money=Decimal("8811.00") if money else None)
    changes = ((Change.RATE, f"direct:{month.name}"), (Change.COST, "phone"), (Change.SILENT_READERS, ""), (Change.STRICT, ""), (Change.ANSWERS, ""))  # fmt: skip
    return [Swing(change, subject, less, more) for change, subject in changes]


def _split(total: Figure, dimension: Dimension, keys: list[str], names: list[str | None] | list[str] | None = None) -> list[Line]:  # fmt: skip
    """The last part takes what the others leave, so that the table adds."""
    left, lines = total, []
    for index, key in enumerate(keys):
        some = _figure(left.quantity // 2, total.money is not None)
        part = left if index == len(keys) - 1 else some
        left = replace(left, quantity=left.quantity - part.quantity, likely=left.likely - part.likely, money=None if left.money is None or part.money is None else left.money - part.money)  # fmt: skip
        own = [OwnRate("direct:2026-10", Proportion(80, 120), True)] if index == 0 else []
        allocated = dimension in {Dimension.BOARD, Dimension.LANGUAGE} and index > 0
        lines.append(Line(dimension, key, names[index] if names else None, part, own, allocated))
    return lines
