"""Marked YAML nodes -> the plain content of an article, or what in it has the wrong shape.

The shape itself stands in `schemas.article`; this module only walks it.
"""

import unicodedata
from functools import cache
from typing import NamedTuple, cast

import msgspec

from jobs.nodes import Fields, Items, Node, Scalar
from jobs.problems import Finding, Where, nearest, shown
from jobs.screen import first_hidden
from schemas.article import Article, Entry
from schemas.kinds import Kind

Plain = str | list["Plain"] | dict[str, "Plain"]


class FieldShape(NamedTuple):
    """A key of a mapping: whether it must be there, the kind of a single value or the shape of what it holds."""

    required: bool
    kind: Kind | None
    shape: "Shape | None"
    many: bool
    description: str
    examples: tuple[str, ...]


class Shape(NamedTuple):
    """A mapping: its keys; `open` if its keys are free and all hold values of one kind."""

    name: str
    description: str
    fields: dict[str, FieldShape]
    open: bool = False


@cache
def shape_of(struct: type[msgspec.Struct] = Article) -> Shape:
    """The shape of a struct of `schemas.article`, from its types."""
    info = cast("msgspec.inspect.StructType", msgspec.inspect.type_info(struct))
    required = cast("type[Entry]", struct).required
    fields = {field.name: _field(field.type, field.name in required) for field in info.fields}
    return Shape(struct.__name__.lower(), struct.__doc__ or "", fields)


def _field(kind: msgspec.inspect.Type, required: bool) -> FieldShape:
    if isinstance(kind, msgspec.inspect.ListType):
        item = cast("msgspec.inspect.StructType", kind.item_type)
        shape = shape_of(item.cls)
        return FieldShape(required, None, shape, True, f"{shape.description.splitlines()[0]}", ())
    if isinstance(kind, msgspec.inspect.DictType):
        value = _described(kind.value_type, False)
        return FieldShape(required, None, Shape("grades", "", {"": value}, True), False, "Number per grade.", ())
    return _described(kind, required)


def _described(kind: msgspec.inspect.Type, required: bool) -> FieldShape:
    meta = cast("msgspec.inspect.Metadata", kind)
    schema = meta.extra_json_schema or {}
    extra = cast("dict[str, Kind]", meta.extra)
    examples = tuple(map(str, schema.get("examples", ())))
    return FieldShape(required, extra["kind"], None, False, str(schema.get("description", "")), examples)


def check_shape(node: Node, shape: Shape | None = None, where: Where = ()) -> tuple[dict[str, Plain], list[Finding]]:
    """The content of a mapping and everything in it that is unknown, missing, empty or of the wrong type.

    What is wrong is left out of the content, so that the rest can be looked at all the same.
    """
    shape = shape or shape_of()
    if not isinstance(node, Fields):
        article = "" if shape.open or shape.name.endswith("s") else "an " if shape.name[0] in "aeiou" else "a "
        return {}, [Finding(where, "wrong-type", f"{article}{shape.name} must be a mapping of keys to values")]
    content: dict[str, Plain] = {}
    findings: list[Finding] = []
    written: set[str] = set()
    for key, value in node.fields:
        field = shape.fields.get("" if shape.open else key.text)
        if shape.open and not key.text.strip():
            findings.append(Finding((*where, key.text, "@key"), "empty-value", "a key without a name"))
            continue
        if field is None and key.text in written:
            continue
        written.add(key.text)
        if field is None:
            hint = nearest(key.text, shape.fields)
            findings.append(Finding((*where, key.text, "@key"), "unknown-key", f"unknown key {shown(key.text)}", hint))
            continue
        inner, found = _check_field(value, field, (*where, key.text))
        if inner:
            content[key.text] = inner
        findings += found
    for name, field in shape.fields.items():
        if field.required and name not in written:
            message = f"the key {shown(name)} is missing here"
            findings.append(Finding(where, "missing-key", message, field.description))
    return content, findings


def _check_field(node: Node, field: FieldShape, where: Where) -> tuple[Plain, list[Finding]]:
    if _is_empty(node):
        return "", [
            Finding(where, "empty-value", f"{shown(str(where[-1]))} has no value", "fill it in or leave it out")
        ]
    if field.many:
        return _check_items(node, cast("Shape", field.shape), where)
    if field.shape:
        return check_shape(node, field.shape, where)
    if not isinstance(node, Scalar):
        return "", [Finding(where, "wrong-type", f"{shown(str(where[-1]))} must be a single value")]
    text = unicodedata.normalize("NFC", node.text)
    hidden = first_hidden(text.replace("\n", " "))
    return text, [Finding(where, *hidden)] if hidden else []


def _check_items(node: Node, shape: Shape, where: Where) -> tuple[Plain, list[Finding]]:
    if not isinstance(node, Items):
        message = f"{shown(str(where[-1]))} must be a list: each {shape.name} begins with a hyphen"
        return "", [Finding(where, "wrong-type", message)]
    content: list[Plain] = []
    findings = []
    for index, item in enumerate(node.items):
        inner, found = check_shape(item, shape, (*where, index))
        content.append(cast("Plain", inner))
        findings += found
    return content, findings


def _is_empty(node: Node) -> bool:
    if isinstance(node, Scalar):
        return not node.text.strip()
    return not (node.items if isinstance(node, Items) else node.fields)


def place(node: Node | None, where: Where) -> tuple[int, int]:
    """Line and column of what `where` leads to, or of the nearest thing around it that is written."""
    if node is None:
        return 1, 1
    line, column = node.line, node.column
    for step in where:
        if isinstance(node, Fields):
            keys = [(key, value) for key, value in node.fields if key.text == step]
            if not keys:
                return line, column
            key, node = keys[0 if where[-1] == "@key" else -1]
            if where[-1] == "@key" or _is_empty(node):
                line, column = key.line, key.column
            else:
                line, column = node.line, node.column
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line, column = node.line, node.column
        else:
            return line, column
    return line, column
