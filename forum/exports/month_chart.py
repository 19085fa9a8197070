"""The chart of a printed report: contacts saved by month, as lines and areas of the page itself, not as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from forum.exports.pdf_parts import ACCENT, BAND, LABEL, LINE, WIDTH, Setting


@dataclass(frozen=True)
class Point:
    """A month in the chart."""

    label: str
    low: float
    likely: float
    high: float


class MonthChart(Flowable):  # type: ignore[misc]  # reportlab brings no types
    """The range by month as a band, its low bound as a line, the likely value dashed. What is below zero stands at zero."""

    def __init__(self, setting: Setting, points: Sequence[Point], height: float = 48 * mm) -> None:
        super().__init__()
        self._setting, self._points = setting, points
        self.width, self.height = WIDTH, height

    def wrap(self, *_room: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, left, bottom = self.canv, 14 * mm, 7 * mm
        wide, high = self.width - left - 4 * mm, self.height - bottom - 3 * mm
        top = ticks(max((point.high for point in self._points), default=0))
        places = [left + (index + 0.5) * wide / len(self._points) for index in range(len(self._points))]

        def at(value: float) -> float:
            return float(bottom + max(value, 0) / top[-1] * high)

        for tick in top:
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.4)
            canvas.line(left, at(tick), left + wide, at(tick))
            self._setting.draw(canvas, left - 2 * mm, at(tick) - 2.5, self._setting.edition.count(tick), LABEL, align="right")  # fmt: skip
        self._label_months(canvas, places, wide)
        lows, highs = [at(point.low) for point in self._points], [at(point.high) for point in self._points]
        _fill(canvas, [*zip(places, highs, strict=True), *reversed([*zip(places, lows, strict=True)])])
        _line(canvas, [*zip(places, [at(point.likely) for point in self._points], strict=True)], dashed=True)
        _line(canvas, [*zip(places, lows, strict=True)])
        for x, low, end in zip(places, lows, highs, strict=True):
            canvas.setLineWidth(3)
            canvas.setStrokeColor(BAND)
            canvas.line(x, low, x, end)  # one month alone has a range to be seen, too
            canvas.setFillColor(ACCENT)
            canvas.circle(x, low, 2, stroke=0, fill=1)

    def _label_months(self, canvas: Canvas, places: Sequence[float], wide: float) -> None:
        widest = max((self._setting.width(point.label, LABEL) for point in self._points), default=0) + 6
        every = next(step for step in count(1) if step * wide / max(len(places), 1) >= widest or step > len(places))
        for index, (x, point) in enumerate(zip(places, self._points, strict=True)):
            if index % every == 0:
                self._setting.draw(canvas, x, 2 * mm, point.label, LABEL, align="middle")


def ticks(highest: float) -> list[int]:
    """Five round whole numbers from zero to at least `highest`."""
    steps = (size * 10**power // 100 for power in count(1) for size in (10, 20, 25, 50) if power > 1 or size != 25)
    step = next(step for step in steps if step * 4 >= highest)
    return [step * index for index in range(5)]


def _fill(canvas: Canvas, corners: Sequence[tuple[float, float]]) -> None:
    path = _path(canvas, corners)
    path.close()
    canvas.setFillColor(BAND)
    canvas.drawPath(path, stroke=0, fill=1)


def _line(canvas: Canvas, corners: Sequence[tuple[float, float]], *, dashed: bool = False) -> None:
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1 if dashed else 1.6)
    canvas.setDash(*([3, 2], 0) if dashed else ([], 0))
    canvas.drawPath(_path(canvas, corners), stroke=1, fill=0)
    canvas.setDash([], 0)


def _path(canvas: Canvas, corners: Sequence[tuple[float, float]]) -> Any:
    path = canvas.beginPath()
    for index, corner in enumerate(corners):
        (path.lineTo if index else path.moveTo)(*corner)
    return path
