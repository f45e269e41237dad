"""Tables that obey every published rule and would trip up a careless writer or reader."""

import datetime as dt
from typing import Final

import pyarrow as pa

from jobs.scalars import check_slug, check_text

TEXTS: Final = (
    "Heddlu Gogledd Cymru: ŵy, tŷ, môr", "شرطة شمال ويلز", "警察", "Ærø Ångström ß", "‘inadequate’ and “good”", "it’s – or — …",
    "a, b", 'he said "now"', '"', '""', ',"', "a;b;c", "x|y", "back\\slash", "\\N", "100% sure", "#1 of 43", "~5 of 43", "$HOME",
    "a  b   c", "nothing but\u00a0a hard space", "word " * 399 + "words", "13th", "1st of 43", "by 27%", "91.8% calls", "10 seconds",
    "the only force", "E23000036", "Q5025653", "W15000001", "9d force", "5 km", "Not applicable", "NA-1", "no", "No.", "'quoted'",
    "<b>bold</b>", "{json: 1}", "[a]", "(1) first", "¼ of calls", "é", "🚓 cars", "May is a month", "e-mail", "minus 5",
)  # fmt: skip
"""Texts of the kinds that articles hold; each stands among others in its column."""

IDS: Final = (
    "a-1",
    "e-5",
    "d-1",
    "x-0x1f",
    "am-1",
    "pm-5",
    "q1-2024",
    "bc-5",
    "gbp-10",
    "na-1",
    "t-1",
    "f-0",
    "inf-1",
    "peel-2023-25",
)
"""Ids that look a little like numbers; `ALONE` makes each of them a column of its own."""

TEMPTING: Final = (
    "91.8%", "27 %", "13", "-5", "0.5", "00171725", "1,000", "1.000,5", "1e5", "1E5", "1e+5", "1.5e-3", "1.5E-03", "3/4", "1 1/2",
    "12/03/2024", "2024-03-12", "12-03", "12 March", "12th March 2024", "March 2024", "Mar-24", "may-2024", "sept-11", "May 5", "May",
    "10:30", "10:30 am", "2024-03-12 10:30", "2024-03-12T10:30:00", "£10", "$10", "10 €", "€10", "TRUE", "false", "NA", "N/A", "n/a", "NULL", "null",
    "None", "nan", "NaN", "#N/A", "#NA", "<NA>", "#N/A N/A", "-nan", "1.#IND", "1.#QNAN", "=1+1", "+1", "@x", "-x", "＝1", "#REF!", "#DIV/0!",
)  # fmt: skip
"""Texts that one client or another takes for something else. Only those that the rules let through must survive."""

TEMPTING_IDS: Final = (
    "may-2024", "may-5", "sept-11", "mar-24", "dec-99", "january-1", "true", "false", "null", "nan", "na", "none",
)  # fmt: skip
"""Ids that are slugs and that one client or another takes for something else, likewise."""

NUMBERS: Final = (
    0.1, 1e-7, 123456789.123456, 0.0, -0.5, 1e14, 91.8, 13.0, 1.0, 100.0, 0.3, 2.5e-10, 999999999999999.0, 123456789012345.0,
    -1e-5, 0.0001, 99.99, 1234.5678, 0.00012345678901, 1.23456789012345, -99999999999999.9,
)  # fmt: skip
DATES: Final = tuple(map(dt.date.fromisoformat, ("1900-01-01", "1900-02-28", "1900-03-01", "2024-02-29", "2199-12-31")))


def _cycled(values: tuple[object, ...], rows: int, kind: pa.DataType, gap: int) -> pa.Array:
    """The values again and again, with a null in every `gap`-th row."""
    return pa.array([None if row % gap == 1 else values[row % len(values)] for row in range(rows)], kind)


def mixed() -> pa.Table:
    """Texts, numbers, dates and flags side by side, with nulls, and columns that hold nothing but nulls."""
    rows = 300
    columns = {
        "row_id": pa.array([f"row-{row}" for row in range(rows)]),
        "note": _cycled(TEXTS, rows, pa.string(), 7),
        "value": _cycled(NUMBERS, rows, pa.float64(), 9),
        "late_value": pa.array([13.0] * 200 + [0.25] * 100, pa.float64()),
        "late_note": pa.array([None] * 250 + ["at last"] * 50, pa.string()),
        "count": _cycled((0, 1, -5, 2**31 - 1, -(2**31)), rows, pa.int32(), 4),
        "first_year": _cycled((1900, 2014, 2199), rows, pa.int32(), 5),
        "on": _cycled(DATES, rows, pa.date32(), 3),
        "flag": pa.array([row % 3 == 0 for row in range(rows)], pa.bool_()),
        "maybe_flag": _cycled((True, False), rows, pa.bool_(), 5),
        "late_flag": pa.array([None] * 250 + [True] * 50, pa.bool_()),
        "code": _cycled(IDS, rows, pa.string(), 11),
        "no_text": pa.nulls(rows, pa.string()),
        "no_number": pa.nulls(rows, pa.float64()),
        "no_date": pa.nulls(rows, pa.date32()),
        "no_flag": pa.nulls(rows, pa.bool_()),
        "no_count": pa.nulls(rows, pa.int32()),
    }
    return pa.table(columns)


def alone(texts: tuple[str, ...]) -> pa.Table:
    """One row, a column for each text: a client that looks at whole columns sees nothing else."""
    return pa.table(
        {f"column_{index}": pa.array([text], pa.string()) for index, text in enumerate(texts)} | {"words": ["to read"]}
    )


def listed(texts: tuple[str, ...]) -> pa.Table:
    """A row for each text."""
    return pa.table({"row_id": [f"row-{row}" for row in range(len(texts))], "text": pa.array(texts, pa.string())})


def tables() -> dict[str, pa.Table]:
    """What every client must hold as it was written."""
    return {"mixed": mixed(), "ids_alone": alone(IDS), "no_rows": mixed().slice(0, 0)}


def tempting() -> dict[str, pa.Table]:
    """What the rules let through of all that tempts clients."""
    texts = tuple(text for text in TEMPTING if check_text(text) is None)
    ids = tuple(text for text in TEMPTING_IDS if check_slug(text) is None)
    return {"texts": listed(texts), "ids": listed(ids)}
