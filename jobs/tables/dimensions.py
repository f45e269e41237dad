"""Code lists and article heads -> the tables that the others refer to."""

from collections.abc import Callable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.codelists import Codelists, Row, values
from jobs.describe import arrow_schema
from jobs.tables.common import Columns, LookUp, Trace, Traced, constant, finished, text_table, trace, with_rest
from schemas.codelists import CODE_LISTS


def list_table(lists: Codelists, name: str) -> pa.Table:
    """A code list as it is written."""
    columns = tuple(CODE_LISTS[name].columns)
    return text_table(columns, [tuple(row[column] for column in columns) for row in lists.rows.get(name, [])], {})


def _made(table: str, lists: Codelists, source: str, make: Callable[[Row], dict[str, str]]) -> Traced:
    """A table with a row for each row of a code list: its cells, and what `make` adds or renames."""
    rows = [row | make(row) for row in lists.rows.get(source, [])]
    names = sorted({name for row in rows for name in row}) or list(arrow_schema(table).names)
    return finished(table, _columns(names, rows), _list_trace(source, lists.lines.get(source, [])))


def _columns(names: list[str], rows: list[Row]) -> Columns:
    table = text_table(names, [tuple(row.get(name, "") for name in names) for row in rows], {})
    return {name: table[name] for name in names}


def _list_trace(source: str, lines: list[int]) -> Trace:
    table = pa.table({"file": pa.repeat(pa.scalar(-1, pa.int32()), len(lines)), "item": pa.array(lines, pa.int32())})
    return trace(source, table)


def _several(row: Row, column: str) -> str:
    return "; ".join(values(row, column))


def scales(lists: Codelists) -> Traced:
    """The grades of each scale."""
    return _made("scales", lists, "scales", lambda row: {"grade_label": row["label"], "grade_rank": row["rank"]})


def forces(lists: Codelists) -> Traced:
    """The police forces."""
    return _made("forces", lists, "forces", lambda row: {"force": row["name"], "aliases": _several(row, "aliases")})


def cycles(lists: Codelists) -> Traced:
    """The rounds of inspections."""
    return _made(
        "cycles", lists, "cycles",
        lambda row: {
            "cycle": row["name"],
            "aliases": _several(row, "aliases"),
            "comparable_with": _several(row, "comparable_with"),
        },
    )  # fmt: skip


def areas(lists: Codelists) -> Traced:
    """The areas of all cycles."""
    cycle_names = {row["cycle_id"]: row["name"] for row in lists.rows["cycles"]}
    return _made(
        "areas", lists, "areas",
        lambda row: {
            "area_id": f"{row['cycle_id']}-{row['area']}",
            "area_code": row["area"],
            "area": row["name"],
            "cycle": cycle_names[row["cycle_id"]],
            "aliases": _several(row, "aliases"),
        },
    )  # fmt: skip


def inspections(lists: Codelists) -> Traced:
    """The inspections."""
    cycle_rows = {row["cycle_id"]: row for row in lists.rows["cycles"]}
    force_names = {row["force_id"]: row["name"] for row in lists.rows["forces"]}

    def make(row: Row) -> dict[str, str]:
        cycle, total = cycle_rows[row["cycle_id"]], lists.inspections[row["inspection_id"]].graded_total
        return {
            "programme": cycle["programme"],
            "cycle": cycle["name"],
            "scale_id": cycle["scale_id"],
            "force": force_names.get(row["force_id"], ""),
            "graded_total": "" if total is None else str(total),
            "graded_areas": _several(row, "graded_areas"),
        }

    return _made("inspections", lists, "inspections", make)


def people(lists: Codelists) -> Traced:
    """The people."""
    return _made("people", lists, "people", lambda row: {"person": row["name"]})


def roles(lists: Codelists) -> Traced:
    """The roles of the people."""

    def make(row: Row) -> dict[str, str]:
        words = "".join(c if c.isascii() and c.isalnum() else "-" for c in row["role"].lower().replace("'", ""))
        parts = (row["person_id"], row["organisation_id"], *filter(None, words.split("-")), row["from"])
        return {"role_id": "-".join(filter(None, parts)), "from_date": row["from"], "to_date": row["to"]}

    return _made("roles", lists, "roles", make)


def organisations(lists: Codelists) -> Traced:
    """Organisations, forces and publishers."""
    parts = [
        _made("organisations", lists, "organisations", lambda row: {"organisation": row["name"]}),
        _made(
            "organisations", lists, "forces",
            lambda row: {"organisation_id": row["force_id"], "organisation": row["name"], "kind": "force", "url": ""},
        ),
        _made(
            "organisations", lists, "publishers",
            lambda row: {
                "organisation_id": row["publisher_id"],
                "organisation": row["name"],
                "kind": "publisher",
                "url": f"https://{row['domain']}" if row["domain"] else "",
            },
        ),
    ]  # fmt: skip
    traces = [pa.table(part.trace._asdict()) for part in parts]
    joined = pa.concat_tables(traces)
    return Traced(pa.concat_tables([part.table for part in parts]), Trace(*joined.columns))


def measures(lists: Codelists) -> Traced:
    """The measures."""
    return _made("measures", lists, "measures", lambda row: {"measure": row["name"]})


def units(lists: Codelists) -> Traced:
    """The units."""
    return _made("units", lists, "units", lambda row: {"unit_name": row["name"]})


def subjects(lists: Codelists) -> Traced:
    """The subjects that are not forces."""
    return _made("subjects", lists, "subjects", lambda row: {"subject": row["name"], "subject_kind": row["kind"]})


def origins(lists: Codelists) -> Traced:
    """The texts that articles are copied from."""
    return _made("origins", lists, "origins", lambda row: {})


def articles(claims: Claims, lists: Codelists, dimensions: dict[str, Traced]) -> Traced:
    """The articles."""
    table = claims["articles"]
    publishers, licences = dimensions["organisations"].table, list_table(lists, "licences")
    licence = LookUp(licences["licence_id"], licences)
    columns: Columns = {
        "publisher": LookUp(publishers["organisation_id"], publishers)(table["publisher_id"], "organisation"),
        "published_on": pc.if_else(
            pc.equal(table["published_from"], table["published_to"]), table["published_from"], ""
        ),
        "licence": licence(table["licence"], "name"),
        "licence_url": licence(table["licence"], "url"),
        "origin_id": table["origin"],
    }
    places = Trace(constant("article", table), table["file"], table["file"])
    return finished("articles", with_rest("articles", columns, table), places)


DIMENSIONS: Final[dict[str, Callable[[Codelists], Traced]]] = {
    "inspections": inspections,
    "cycles": cycles,
    "areas": areas,
    "scales": scales,
    "forces": forces,
    "people": people,
    "roles": roles,
    "organisations": organisations,
    "measures": measures,
    "units": units,
    "subjects": subjects,
    "origins": origins,
}
"""The tables made from code lists alone."""
