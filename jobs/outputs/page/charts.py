"""Figures -> a drawing of them: a mark for each on an axis from zero, nothing joined, words beside every mark.

Drawn by Vega-Lite through altair and vl-convert. Nothing in a drawing depends on the fonts of the machine: its size,
axis and the places of all texts are set here, and colours are those of the page's style, light or dark.
"""

import math
import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

Row = dict[str, Any]

ROWS: Final = 12
"""Figures in one drawing."""
WIDTH: Final = 320
"""Pixels: what a phone shows without scrolling."""
_MARGIN: Final = 12
_AXIS: Final = 24
_LINE: Final = 16
_TRACK: Final = 30
_LETTERS: Final = 50
"""Letters that fit into a line, whatever the font."""
SHAPES: Final[dict[str, Row]] = {
    "actual": {"shape": "circle", "fill": "var(--mark)"},
    "projected": {"shape": "diamond", "fill": "var(--paper)"},
    "target": {"shape": "triangle-up", "fill": "var(--paper)"},
}
"""The mark of a figure by its status; only what was measured is filled."""
KINDS: Final = ("figure", "comparator", "text")
"""What is drawn: figures, what they are compared with, lines of words."""


class Mark(NamedTuple):
    """A figure to be drawn: its subject, value and claimant, period; with what it is compared, in number and words."""

    subject: str
    said: str
    period: str
    value: float | None
    status: str
    comparator: float | None
    compared: str


@cache
def drawn(marks: Sequence[Mark], unit: str) -> str:
    """An SVG of the figures, 320 pixels wide; unit: in words, of the axis."""
    import vl_convert  # takes its time, and many releases have nothing to draw

    placed, height = _placed(marks)
    low, high = _ends(marks, unit)
    axis = {"title": None, "values": [low, (low + high) / 2, high], "format": ",.15~g", "labelOverlap": False}
    across = {"field": "x", "type": "quantitative", "axis": axis, "scale": {"domain": [low, high], "nice": False}}
    down = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [height, 0], "nice": False}}
    own = {"height": height, "data": {"values": placed}, "encoding": {"x": across, "y": down}}
    svg: str = vl_convert.vegalite_to_svg(_look() | own)
    return svg


@cache
def _look() -> Row:
    """What all drawings have in common: their layers, each of one kind of row, their size and colours.

    Made once, since altair checks it against the schema of Vega-Lite, which takes longer than to draw.
    """
    import altair

    nothing = altair.Data(values=[])
    base = altair.Chart(nothing)
    figure, other, text = (_of(altair, kind) for kind in KINDS)
    stems = base.mark_rule(color="var(--mark)", strokeWidth=2, opacity=0.35).encode(x2=altair.datum(0))
    points = base.mark_point(stroke="var(--mark)", strokeWidth=2, size=90, opacity=1).encode(
        shape=altair.Shape("shape:N", scale=None), fill=altair.Fill("fill:N", scale=None)
    )
    ticks = base.mark_tick(orient="vertical", color="var(--other)", thickness=3, size=18, opacity=1)
    words = base.mark_text(
        align="left", fontSize=12, fontWeight=altair.expr("datum.weight"), color="currentColor", limit=0
    ).encode(x=altair.value(0), text="text:N")
    layers = [stems.transform_filter(figure), points.transform_filter(figure)]
    layers += [ticks.transform_filter(other), words.transform_filter(text)]
    chart = altair.layer(*layers, data=nothing).properties(
        width=WIDTH - 2 * _MARGIN,
        autosize=altair.AutoSizeParams(type="none"),
        padding={"left": _MARGIN, "right": _MARGIN, "top": 2, "bottom": _AXIS},
        background="transparent",
    )
    line = dict.fromkeys(("gridColor", "tickColor", "domainColor"), "var(--line)")
    chart = chart.configure_axis(**line, labelColor="currentColor", labelFontSize=11, gridDash=[1, 4], aria=False)
    spec: Row = chart.configure_view(stroke=None).configure_mark(aria=False).to_dict()
    return spec


def _of(altair: Any, kind: str) -> Any:
    return altair.FieldEqualPredicate(field="kind", equal=kind)


def _placed(marks: Sequence[Mark]) -> tuple[list[Row], int]:
    """Lines of text and marks, from top to bottom, and the height of all."""
    placed: list[Row] = []
    y = 0
    for mark in marks:
        wrapped = [("bold", line) for line in _wrapped(mark.subject)]
        for words in (mark.said, mark.period, f"│ {mark.compared}" if mark.compared else ""):
            wrapped += [("normal", line) for line in _wrapped(words)]
        for weight, line in wrapped:
            y += _LINE
            placed.append({"kind": "text", "x": 0, "y": y - 4, "text": line, "weight": weight})
        y += _TRACK
        if mark.value is not None:
            placed.append({"kind": "figure", "x": mark.value, "y": y - 12} | SHAPES.get(mark.status, SHAPES["actual"]))
        if mark.comparator is not None:
            placed.append({"kind": "comparator", "x": mark.comparator, "y": y - 12})
    return placed, y


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _LETTERS, max_lines=3, placeholder=" …")


def _ends(marks: Sequence[Mark], unit: str) -> tuple[float, float]:
    """Where the axis begins and ends: it holds zero always, and all of a hundred for shares."""
    values = [value for mark in marks for value in (mark.value, mark.comparator) if value is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    if unit == "per cent":
        return (-100.0 if -100 <= low < 0 else _round(low)), (100.0 if 0 < high <= 100 else _round(high))
    return _round(low), _round(high)


def _round(value: float) -> float:
    """The next number away from zero that has one or two digits and divides well."""
    if value == 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(abs(value)))
    step = next(step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if abs(value) <= step * power * (1 + 1e-12))
    return math.copysign(step * power, value)
