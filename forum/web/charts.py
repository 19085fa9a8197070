"""The geometry of the one chart that reports draw: a low bound, a likely line and a range, by period."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

WIDTH = 1000
HEIGHT = 200
STEPS = 4


@dataclass(frozen=True, slots=True)
class RangePoint:
    """One period: its label and the estimate's low bound, likely value and high bound."""

    label: str
    low: float
    likely: float
    high: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class RangePlot:
    """What templates/components/figures.html needs to draw; coordinates within WIDTH x HEIGHT."""

    points: Sequence[RangePoint]
    ticks: list[int]
    band: str
    low: str
    likely: str
    dots: list[tuple[float, float, bool]]

    @property
    def has_open(self) -> bool:
        return any(point.open for point in self.points)


def range_plot(points: Sequence[RangePoint]) -> RangePlot:
    """Lay `points` out from left to right, each in the middle of its column, on a scale that begins at zero."""
    ticks = _ticks(max((point.high for point in points), default=0))
    places = [(index + 0.5) * WIDTH / max(len(points), 1) for index in range(len(points))]

    def height(value: float) -> float:
        return round(HEIGHT - value / ticks[-1] * HEIGHT, 1)

    lows = [(x, height(point.low)) for x, point in zip(places, points, strict=True)]
    highs = [(x, height(point.high)) for x, point in zip(places, points, strict=True)]
    likely = [(x, height(point.likely)) for x, point in zip(places, points, strict=True)]
    return RangePlot(
        points=points,
        ticks=ticks,
        band=_path([*highs, *reversed(lows)]),
        low=_path(lows),
        likely=_path(likely),
        dots=[(round(x, 1), y, point.open) for (x, y), point in zip(lows, points, strict=True)],
    )


def _ticks(highest: float) -> list[int]:
    """Return five round whole numbers from zero to at least `highest`."""
    steps = (size * 10**power // 100 for power in count(1) for size in (10, 20, 25, 50) if power > 1 or size != 25)
    step = next(step for step in steps if step * STEPS >= highest)
    return [step * index for index in range(STEPS + 1)]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{round(x, 1):g},{y:g}" for x, y in corners)
