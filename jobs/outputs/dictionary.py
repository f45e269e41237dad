"""Tables -> `DICTIONARY.md`: for people, every table and column, every code, and how to join."""

from collections.abc import Iterable, Iterator
from typing import Final

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.common import described, references
from jobs.outputs.edition import Edition, Make
from schemas import dataset
from schemas.meanings import KINDS, PATTERNS, ROLES

HEADINGS: Final = ("Column", "Title", "Meaning", "Kind and limits")


def dictionary_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield "DICTIONARY.md", lambda: ["".join(f"{line}\n" for line in dictionary(edition)).encode()]


def dictionary(edition: Edition) -> Iterator[str]:
    """The lines of the dictionary of a release."""
    tables = list(described(edition))
    of = f" of version {edition.version}, {edition.date}" if edition.version else ""
    yield f"# {dataset.TITLE}: dictionary{of}\n"
    yield f"{dataset.DESCRIPTION}\n"
    yield from ("**Before comparing anything:**\n", *(f"- {warning}" for warning in dataset.WARNINGS), "")
    yield f"{dataset.ATTRIBUTION} [{dataset.LICENCE_TITLE}]({dataset.LICENCE_URL})\n"
    yield "## Tables\n"
    yield from rows(("Table", "Title", "What a row is", "Key"), map(_contents, tables))
    yield from _joins(tables)
    yield from _kinds()
    for table in tables:
        yield from table_section(table, edition.tables)
        yield f"\nFiles: [{table.name}.csv]({table.name}.csv), [{table.name}.parquet]({table.name}.parquet)"


def rows(headings: Iterable[str], cells: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table in Markdown."""
    listed = list(headings)
    yield f"| {' | '.join(listed)} |"
    yield f"|{'---|' * len(listed)}"
    for row in cells:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def table_section(table: TableDescription, linked: Iterable[str]) -> Iterator[str]:
    """A table with its columns and codes; references to linked tables are links to their sections."""
    yield f"\n## {table.name}\n\n**{table.title}.** {table.description}\n"
    yield f"Key: {_named(table.key)}\n"
    yield from rows(HEADINGS, (_row(column, linked) for column in table.columns))
    for column in table.columns:
        if column.values:
            yield f"\nCodes of `{column.name}`:\n"
            yield from rows(("Code", "Meaning"), ((f"`{code}`", said) for code, said in column.values.items()))


def _contents(table: TableDescription) -> tuple[str, ...]:
    return (f"[{table.name}](#{table.name})", table.title, table.description, _named(table.key))


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _row(column: ColumnDescription, linked: Iterable[str]) -> tuple[str, ...]:
    facts = "; ".join(column.facts)
    target = column.references.partition(".")[0]
    if target in linked:
        facts = facts.replace(column.references, f"[{column.references}](#{target})")
    return (f"`{column.name}`", column.title, column.description, facts)


def _joins(tables: list[TableDescription]) -> Iterator[str]:
    """Which columns lead from which table to which."""
    names = [table.name for table in tables]
    found = [(table.name, *reference) for table in tables for reference in references(table, names)]
    if not found:
        return
    yield "\n## How to join\n"
    yield "In grades, statements and metrics the name of what an id means stands beside it. For more, join it to the"
    yield "key of the table that it refers to. An empty id refers to nothing: a left join keeps its row. What leads to"
    yield "one of several tables, or to a key of two columns, is not listed here; the meaning of the column says where."
    source, column, target, key = found[0]
    yield f"\n```sql\nSELECT * FROM {source} LEFT JOIN {target} ON {source}.{column} = {target}.{key};\n```\n"
    targets = {target: key for _, _, target, key in found}
    cells = (
        (f"`{target}.{key}`", ", ".join(f"`{t}.{c}`" for t, c, to, _ in found if to == target))
        for target, key in targets.items()
    )
    yield from rows(("Key", "Columns that refer to it"), cells)


def _kinds() -> Iterator[str]:
    """What the kinds of column are, and what its limits do not tell."""
    yield "\n## Kinds of column\n"
    yield "A column that may be empty is empty where the value is unknown or does not apply.\n"
    forms = (
        (kind.words, kind.sql, str(kind.arrow), f"`{PATTERNS[name]}`" if name in PATTERNS else "")
        for name, kind in KINDS.items()
    )
    yield from rows(("Kind", "In SQLite", "In Parquet", "Form (regular expression)"), forms)
    yield "\nWhat a column is for decides what a change of its cells means:\n"
    yield from (f"- {role}: {words}." for role, words in ROLES.items())
