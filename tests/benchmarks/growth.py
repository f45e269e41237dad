"""Builds of several sizes -> how their cost grows: a table, a target, a drawing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import altair as alt
import vl_convert

from .report import Row, Table, Target

LINEAR: Final = 1.1
"""Times that ten times as much may cost beyond ten times."""
DRAWN: Final = ("floor", "the usual way", "openpeel build")


def growth(rows: Mapping[int, list[Row]]) -> Table:
    """The build at each size against ten times fewer articles: rows are those of all sizes; a target per step of ten."""
    builds = {size: next(row for row in found if row.name == "openpeel build") for size, found in rows.items()}
    sizes = sorted(builds)
    steps = [(less, more) for less in sizes for more in sizes if more == 10 * less and less >= 20_000]
    targets = [
        Target(
            f"{more:,} articles / {less:,}",
            10 * LINEAR,
            builds[more].wall / builds[less].wall,
            builds[more].cpu / builds[less].cpu,
        )
        for less, more in steps
    ]
    told = [builds[size]._replace(name=f"openpeel build, {size:,} articles") for size in sizes]
    base = told[0]
    told = [r._replace(wall_ratio=r.wall / base.wall, cpu_ratio=r.cpu / base.cpu) for r in told]
    return Table("Growth, as multiples of the smallest", told, targets, [])


def draw(rows: Mapping[int, list[Row]], path: Path) -> None:
    """Seconds by number of articles, both on scales where what grows alike is parallel, as SVG."""
    values = [
        {"articles": size, "seconds": row.wall, "what": what}
        for size, found in rows.items()
        for row in found
        for what in DRAWN
        if row.name.startswith(what) and "after" not in row.name
    ]
    scale = alt.Scale(type="log")
    lines = alt.Chart(alt.Data(values=values)).mark_line(point=True)
    drawing = lines.encode(
        x=alt.X("articles:Q", scale=scale, title="articles"),
        y=alt.Y("seconds:Q", scale=scale, title="seconds"),
        color=alt.Color("what:N", title=None),
    ).properties(width=480, height=320)
    path.write_text(vl_convert.vegalite_to_svg(drawing.to_dict()), encoding="utf-8")
