"""openpeel describe: the data dictionary, and what editors know of a source file."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from jobs import WrongUseError
from jobs.verbs.common import add_sources, print_problems, read_lists_of

if TYPE_CHECKING:
    from jobs.describe import ColumnDescription, TableDescription


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("table", nargs="?", metavar="TABLE", help="one table (default: all)")
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="how it is written (default: text)")
    words = "instead: the JSON Schema of a source file, as kept in sources/article.schema.json"
    parser.add_argument("--article-schema", action="store_true", help=words)
    add_sources(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints descriptions; 1 if the code lists have problems. Raises WrongUseError if there is no such table."""
    if arguments.article_schema:
        return _article_schema(arguments)
    from jobs.describe import describe
    from jobs.problems import nearest
    from schemas.tables import ALL_TABLES

    if arguments.table and arguments.table not in ALL_TABLES:
        hint = nearest(arguments.table, ALL_TABLES)() or ", ".join(ALL_TABLES)
        raise WrongUseError(f"there is no table {arguments.table}; {hint}")
    tables = [describe(name) for name in ([arguments.table] if arguments.table else ALL_TABLES)]
    for line in FORMATS[arguments.format](tables):
        sys.stdout.write(line + "\n")
    return 0


def _article_schema(arguments: argparse.Namespace) -> int:
    from jobs.article_schema import article_schema

    if arguments.table:
        raise WrongUseError("--article-schema goes without TABLE")
    _, lists, problems = read_lists_of(arguments.sources)
    if not lists.rows:
        print_problems(problems, "text")
        return 1
    sys.stdout.write(json.dumps(article_schema(lists), ensure_ascii=False, indent=1) + "\n")
    return 0


def _text(tables: "list[TableDescription]") -> Iterator[str]:
    for table in tables:
        yield f"{table.name}: {table.description}"
        width = max(len(column.name) for column in table.columns)
        for column in table.columns:
            yield f"  {column.name:<{width}}  {column.description}"
            yield f"  {'':<{width}}  ({'; '.join(column.facts)})"
        yield ""


def _markdown(tables: "list[TableDescription]") -> Iterator[str]:
    from jobs.outputs.dictionary import table_section

    yield "# Data dictionary"
    for table in tables:
        yield from table_section(table, {other.name for other in tables})


def _json(tables: "list[TableDescription]") -> Iterator[str]:
    yield json.dumps([_plain(table) for table in tables], ensure_ascii=False, indent=1)


def _plain(table: "TableDescription") -> dict[str, Any]:
    columns = [_plain_column(column) for column in table.columns]
    about = {"name": table.name, "title": table.title, "description": table.description}
    return about | {"primary_key": list(table.key), "columns": columns}


def _plain_column(column: "ColumnDescription") -> dict[str, Any]:
    return {"name": column.name, "kind": column.kind, "arrow": str(column.arrow)} | column._asdict()


FORMATS = {"text": _text, "markdown": _markdown, "json": _json}
