"""The shape of a source file -> a JSON Schema, so that editors complete and check while a curator types."""

from typing import Any, Final

from jobs.codelists import Codelists
from jobs.scalars import PATTERNS
from jobs.shape import FieldShape, Shape, shape_of

_PATTERNS: Final = {kind: f"^({form})$" for kind, form in PATTERNS.items()} | {"url": "^https?://"}
_MAYBE_NUMBERS: Final = ("number", "whole", "period", "article-date")
"""Kinds whose values an editor may take for numbers, as the year 2024."""

Json = dict[str, Any]


def article_schema(lists: Codelists) -> Json:
    """The JSON Schema (draft 2020-12) of an article; codes of the lists stand in it so that editors can offer them.

    It is a help for typing, not the judge: an editor that accepts a file may still meet `openpeel check`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Made by `make schema` from schemas/article.py and sources/codelists; not edited by hand.",
        "title": "An article as a source of Open PEEL",
        **_mapping(shape_of(), lists),
    }


def _mapping(shape: Shape, lists: Codelists) -> Json:
    if shape.open:
        return {"type": "object", "minProperties": 1, "additionalProperties": _field(shape.fields[""], lists)}
    return {
        "type": "object",
        "description": " ".join(shape.description.split()),
        "additionalProperties": False,
        "required": [name for name, field in shape.fields.items() if field.required],
        "properties": {name: _field(field, lists) for name, field in shape.fields.items()},
    }


def _field(field: FieldShape, lists: Codelists) -> Json:
    about: Json = {"description": field.description} | ({"examples": list(field.examples)} if field.examples else {})
    if field.shape and field.many:
        return about | {"type": "array", "minItems": 1, "items": _mapping(field.shape, lists)}
    if field.shape:
        return _mapping(field.shape, lists) | about
    assert field.kind is not None  # noqa: S101  (a field without a shape is a single value)
    if field.kind.name == "code":
        return about | {"enum": sorted(lists.codes[field.kind.codes])}
    numeric = field.kind.name in _MAYBE_NUMBERS
    pattern = {"pattern": _PATTERNS[field.kind.name]} if field.kind.name in _PATTERNS else {}
    types = ["number", "string"] if numeric else ["string", "number", "boolean"] if not pattern else ["string"]
    return about | {"type": types} | pattern
