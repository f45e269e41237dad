"""The views: what a reader would otherwise join by hand, each column with its meaning."""

from collections.abc import Container, Iterator
from typing import Final, NamedTuple

from jobs.outputs.sqlite.tables import quoted


class Shown(NamedTuple):
    """A column of a view; same_as: the `table.column` whose meaning it has, unless it has words of its own."""

    name: str
    expression: str
    same_as: str = ""
    title: str = ""
    description: str = ""


class View(NamedTuple):
    """A view; tables: those that it needs; origin: where its rows come from."""

    name: str
    title: str
    description: str
    tables: tuple[str, ...]
    columns: tuple[Shown, ...]
    origin: str


def _of(table: str, names: str) -> tuple[Shown, ...]:
    """Columns of a table as they are."""
    return tuple(Shown(name, f"{table}.{quoted(name)}", f"{table}.{name}") for name in names.split())


def _as(name: str, table: str, column: str) -> Shown:
    """A column of a table under another name."""
    return Shown(name, f"{table}.{quoted(column)}", f"{table}.{column}")


def _either(prefix: str, title: str) -> Shown:
    """The cell of a change, whatever its type; a whole number without the `.0` that SQLite would show."""
    number = f"changes.{prefix}_number"
    whole = f"CASE WHEN {number} = CAST({number} AS INTEGER) THEN CAST({number} AS INTEGER) ELSE {number} END"
    cells = [f"changes.{prefix}_text", whole, f"changes.{prefix}_date"]
    flag = f"CASE changes.{prefix}_flag WHEN 1 THEN 'TRUE' WHEN 0 THEN 'FALSE' END"
    return Shown(prefix, f"coalesce({', '.join([*cells, flag])})", "", title, f"{title}, whatever its type.")


PUBLISHERS: Final = """\
(SELECT group_concat(publisher, '; ') FROM (
    SELECT DISTINCT articles.publisher FROM claims JOIN articles ON articles.article_id = claims.article_id
    WHERE claims.fact_id = statements.statement_id AND claims."table" = 'statements' ORDER BY articles.publisher))"""

VIEWS: Final = (
    View(
        "latest_grades",
        "Latest grades",
        "The grades of each force in the latest PEEL cycle of which we hold any of its grades, with the report and the "
        "evidence. That is not the same cycle for all forces, so look at cycle before setting one beside another. The "
        "table coverage says how many are missing.",
        ("grades", "cycles", "forces", "inspections"),
        (
            *_of("grades", "force cycle area level grade_label grade_rank scale_id basis derivation published_on"),
            *_of("grades", "revised_on previous_grade disputed claims independent_sources evidence_url"),
            _as("report_url", "inspections", "url"),
            *_of("forces", "country gss_code"),
            *_of("grades", "force_id cycle_id area_id grade_id"),
        ),
        """\
FROM grades
  JOIN cycles ON cycles.cycle_id = grades.cycle_id
  JOIN forces ON forces.force_id = grades.force_id
  JOIN inspections ON inspections.inspection_id = grades.inspection_id
  JOIN (SELECT grades.force_id AS force_id, max(cycles.first_year) AS first_year
        FROM grades JOIN cycles ON cycles.cycle_id = grades.cycle_id GROUP BY grades.force_id) AS latest
    ON latest.force_id = grades.force_id AND latest.first_year = cycles.first_year
ORDER BY grades.force, grades.area, grades.grade_id""",
    ),
    View(
        "statements_readable",
        "Statements, to be read",
        "Every statement with who says it, about what, where it was printed and where to look.",
        ("statements", "claims", "articles"),
        (
            *_of("statements", "said_on force cycle area speaker role organisation kind stance summary excerpt due_on"),
            Shown("printed_by", PUBLISHERS, "", "Printed by", "Names of the publishers whose articles print it."),
            *_of("statements", "independent_sources disputed note evidence_url statement_id"),
        ),
        "FROM statements\nORDER BY statements.force, statements.cycle, statements.speaker, statements.statement_id",
    ),
    View(
        "metrics_readable",
        "Metrics, to be read",
        "Every figure with its measure, its unit in words, its period, whose figure it is and where to look.",
        ("metrics", "measures", "units"),
        (
            *_of("metrics", "measure subject claimed_by qualifier value"),
            _as("unit", "units", "unit_name"),
            *_of("metrics", "threshold"),
            Shown("threshold_unit", "threshold_units.unit_name", "units.unit_name"),
            *_of("metrics", "period_start period_end as_of baseline comparator comparator_value population status"),
            *_of("metrics", "polarity cycle area said_by value_as_printed disputed note evidence_url"),
            _as("what_is_measured", "measures", "description"),
            *_of("metrics", "metric_id"),
        ),
        """\
FROM metrics
  JOIN measures ON measures.measure_id = metrics.measure_id
  LEFT JOIN units ON units.unit_id = metrics.unit
  LEFT JOIN units AS threshold_units ON threshold_units.unit_id = metrics.threshold_unit
ORDER BY metrics.measure, metrics.subject, metrics.metric_id""",
    ),
    View(
        "claims_readable",
        "Claims, to be read",
        "Every claim with the article that makes it: what each row of the other tables rests on.",
        ("claims", "articles"),
        (
            *_of("claims", "table fact_id"),
            *_of("articles", "publisher title published_on"),
            *_of("claims", "basis grade value value_as_printed agrees verified origin_id note evidence_url"),
            *_of("claims", "article_id claim_id"),
        ),
        "FROM claims JOIN articles ON articles.article_id = claims.article_id\nORDER BY claims.rowid",
    ),
    View(
        "changes_readable",
        "Changes, to be read",
        "Every cell by which this release differs from the one before, old and new side by side, with the article that "
        "the new value rests on.",
        ("changes", "articles"),
        (
            *_of("changes", "table_name row_key column_name kind"),
            _either("old", "What stood there"),
            _either("new", "What stands there now"),
            *_of("changes", "reason"),
            _as("article_url", "articles", "url"),
        ),
        "FROM changes LEFT JOIN articles ON articles.article_id = changes.article_id\nORDER BY changes.rowid",
    ),
)


def views_of(tables: Container[str]) -> Iterator[View]:
    """The views that these tables make possible."""
    return (view for view in VIEWS if all(table in tables for table in view.tables))


def create_view(view: View) -> str:
    """The statement that makes a view."""
    columns = ",\n  ".join(f"{column.expression} AS {quoted(column.name)}" for column in view.columns)
    return f"CREATE VIEW {quoted(view.name)} AS\n-- {view.description}\nSELECT\n  {columns}\n{view.origin}"
