"""Full-text search over statements: `statements_fts`, which finds words in all their forms (Porter’s stems).

`QUERY` is how it is asked; `:words` are words, all of which must occur, "words in quotes" that stand together, or words
joined by OR and NOT.
"""

import sqlite3
from typing import Final

from jobs.outputs.sqlite.tables import quoted

INDEXED: Final = "statements"
SEARCH: Final = "statements_fts"
COLUMNS: Final = ("speaker", "role", "organisation", "force", "cycle", "area", "summary", "excerpt", "note")
QUERY: Final = """\
SELECT statements.said_on, statements.force, statements.area, statements.speaker, statements.stance,
  statements.summary, statements.excerpt, statements.evidence_url, statements.statement_id
FROM statements_fts JOIN statements ON statements.rowid = statements_fts.rowid
WHERE statements_fts MATCH :words
ORDER BY statements_fts.rank, statements.statement_id"""
DESCRIPTION: Final = "Full-text search over the words of statements. The best match first: " + " ".join(QUERY.split())


def create_search(base: sqlite3.Connection) -> None:
    """Makes the index of words; the words themselves stay in the table, whose row numbers VACUUM keeps as they are."""
    columns = ", ".join(map(quoted, COLUMNS))
    base.execute(
        f"CREATE VIRTUAL TABLE {quoted(SEARCH)} USING fts5({columns}, "
        f"tokenize='porter unicode61', content={quoted(INDEXED)})"
    )
    for command in ("rebuild", "optimize"):
        base.execute(f"INSERT INTO {quoted(SEARCH)} ({quoted(SEARCH)}) VALUES (?)", [command])  # noqa: S608  (quoted)
