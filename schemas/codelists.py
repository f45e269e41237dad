"""The code lists in sources/codelists: their columns, keys and references."""

from typing import Final, NamedTuple

from schemas import vocabulary


class Cell(NamedTuple):
    """What a cell of a code list holds.

    kind: a check of `jobs.scalars`; codes: the list (or closed vocabulary) that the value comes from; many: several
    values joined with `|`.
    """

    kind: str
    required: bool = True
    codes: str = ""
    many: bool = False


class CodeList(NamedTuple):
    """One file `sources/codelists/NAME.csv`: its key and its columns in order."""

    key: tuple[str, ...]
    columns: dict[str, Cell]


ID: Final = Cell("slug")
TEXT: Final = Cell("text")
NOTE: Final = Cell("text", required=False)
URL: Final = Cell("url", required=False)
DATE: Final = Cell("date", required=False)
WHOLE: Final = Cell("whole", required=False)
ALIASES: Final = Cell("text", required=False, many=True)


def code(codes: str, *, required: bool = True, many: bool = False) -> Cell:
    """A cell that holds a code of another list."""
    return Cell("code", required=required, codes=codes, many=many)


CODE_LISTS: Final[dict[str, CodeList]] = {
    "scales": CodeList(("scale_id", "grade"), {"scale_id": ID, "grade": ID, "label": TEXT, "rank": Cell("whole")}),
    "cycles": CodeList(
        ("cycle_id",),
        {
            "cycle_id": ID,
            "name": TEXT,
            "programme": ID,
            "scale_id": code("scales"),
            "first_year": WHOLE,
            "aliases": ALIASES,
            "comparable_with": code("cycles", required=False, many=True),
            "note": NOTE,
        },
    ),
    "areas": CodeList(
        ("cycle_id", "area"),
        {
            "cycle_id": code("cycles"),
            "area": ID,
            "level": code("levels"),
            "graded": code("graded"),
            "name": TEXT,
            "aliases": ALIASES,
            "source": NOTE,
            "note": NOTE,
        },
    ),
    "forces": CodeList(
        ("force_id",),
        {
            "force_id": ID,
            "name": TEXT,
            "kind": code("force kinds"),
            "gss_code": NOTE,
            "ons_name": NOTE,
            "country": TEXT,
            "wikidata_id": NOTE,
            "aliases": ALIASES,
            "note": NOTE,
        },
    ),
    "licences": CodeList(
        ("licence_id",),
        {"licence_id": ID, "name": TEXT, "url": URL, "excerpt_words": WHOLE, "article_words": WHOLE},
    ),
    "publishers": CodeList(
        ("publisher_id",),
        {
            "publisher_id": ID,
            "name": TEXT,
            "kind": ID,
            "domain": NOTE,
            "licence": code("licences"),
            "note": NOTE,
        },
    ),
    "organisations": CodeList(
        ("organisation_id",),
        {"organisation_id": ID, "name": TEXT, "kind": code("organisation kinds"), "url": URL, "note": NOTE},
    ),
    "people": CodeList(("person_id",), {"person_id": ID, "name": TEXT, "note": NOTE}),
    "roles": CodeList(
        ("person_id", "role", "organisation_id", "from"),
        {
            "person_id": code("people"),
            "role": TEXT,
            "organisation_id": code("any organisation"),
            "from": DATE,
            "to": DATE,
            "note": NOTE,
        },
    ),
    "units": CodeList(("unit_id",), {"unit_id": ID, "name": TEXT, "aliases": ALIASES, "note": NOTE}),
    "measures": CodeList(
        ("measure_id",),
        {
            "measure_id": ID,
            "name": TEXT,
            "unit": code("units"),
            "polarity": code("polarities"),
            "description": TEXT,
        },
    ),
    "subjects": CodeList(
        ("subject_id",), {"subject_id": ID, "name": TEXT, "kind": code("subject kinds"), "note": NOTE}
    ),
    "origins": CodeList(
        ("origin_id",),
        {
            "origin_id": ID,
            "title": TEXT,
            "organisation_id": code("any organisation", required=False),
            "published_on": DATE,
            "url": URL,
            "note": NOTE,
        },
    ),
    "inspections": CodeList(
        ("inspection_id",),
        {
            "inspection_id": ID,
            "force_id": code("forces", required=False),
            "cycle_id": code("cycles"),
            "published_on": DATE,
            "graded_total": WHOLE,
            "graded_areas": Cell("slug", required=False, many=True),
            "url": URL,
            "note": NOTE,
        },
    ),
}

VOCABULARIES: Final[dict[str, dict[str, str]]] = {
    "levels": vocabulary.LEVELS,
    "graded": vocabulary.GRADED,
    "polarities": vocabulary.POLARITIES,
    "organisation kinds": vocabulary.ORGANISATION_KINDS,
    "subject kinds": vocabulary.SUBJECT_KINDS,
    "statement kinds": vocabulary.STATEMENT_KINDS,
    "stances": vocabulary.STANCES,
    "speech": vocabulary.SPEECH,
    "qualifiers": vocabulary.QUALIFIERS,
    "statuses": vocabulary.STATUSES,
    "event kinds": vocabulary.EVENT_KINDS,
    "date bases": vocabulary.DATE_BASES,
    "force kinds": vocabulary.FORCE_KINDS,
    "decided tables": vocabulary.DECIDED_TABLES,
    "decided columns": vocabulary.DECIDED_COLUMNS,
}

UNIONS: Final[dict[str, tuple[str, ...]]] = {
    "any organisation": ("organisations", "forces", "publishers"),
    "speakers": ("people", "organisations", "forces", "publishers"),
    "any subject": ("subjects", "forces"),
}
"""Lists whose ids may stand in the same field: they must not share an id."""
