"""YAML text -> plain nodes that know where they were written, or the problems of the text.

Only the event stream is looked at, so nothing is built from anchors, aliases or tags, and nesting stops early.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import yaml

from jobs.problems import shown
from jobs.screen import Spot

MAX_DEPTH: Final = 12
"""Levels of nesting; an article needs five."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(NamedTuple):
    """A single value, as text."""

    text: str
    line: int
    column: int


class Items(NamedTuple):
    """A list."""

    items: "list[Node]"
    line: int
    column: int


class Fields(NamedTuple):
    """A mapping: its keys and values in order."""

    fields: "list[tuple[Scalar, Node]]"
    line: int
    column: int


Node = Scalar | Items | Fields


def _start(event: yaml.Event) -> tuple[int, int]:
    """Line and column, from 1, at which an event starts."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Open:
    """A container that is still being read."""

    def __init__(self, event: yaml.Event, mapping: bool) -> None:
        self.line, self.column = _start(event)
        self.mapping = mapping
        self.children: list[Node] = []

    def closed(self) -> tuple[Node, list[Spot]]:
        if not self.mapping:
            return Items(self.children, self.line, self.column), []
        fields: list[tuple[Scalar, Node]] = []
        spots: list[Spot] = []
        seen: dict[str, Scalar] = {}
        for key, value in zip(self.children[::2], self.children[1::2], strict=True):
            spots += _key_spots(key, seen)
            if isinstance(key, Scalar):
                seen.setdefault(key.text, key)
                fields.append((key, value))
        return Fields(fields, self.line, self.column), spots


def _key_spots(key: Node, seen: dict[str, Scalar]) -> list[Spot]:
    if not isinstance(key, Scalar):
        return [Spot(key.line, key.column, "wrong-type", "a key must be a single word")]
    if key.text == "<<":
        return [Spot(key.line, key.column, "merge-key", "merge keys are not part of the format", "write it out")]
    if key.text in seen:
        first = seen[key.text]
        message = f"the key {shown(key.text)} stands twice here"
        return [Spot(key.line, key.column, "duplicate-key", message, f"first at line {first.line}")]
    return []


def read_marks(text: str) -> tuple[Node | None, list[Spot]]:
    """The nodes of a text with one YAML document, and what is wrong with it.

    Returns None for the nodes where the text is empty or broken. Lines and columns count from 1.
    """
    spots: list[Spot] = []
    stack: list[_Open] = []
    top: list[Node] = []
    try:
        for event in _events(text):
            spots += _refused(event)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                if len(stack) >= MAX_DEPTH:
                    return None, [*spots, Spot(*_start(event), "too-deep", f"nesting deeper than {MAX_DEPTH} levels")]
                stack.append(_Open(event, isinstance(event, yaml.MappingStartEvent)))
                continue
            node = _node(event, stack, spots)
            if node is not None:
                (stack[-1].children if stack else top).append(node)
    except yaml.YAMLError as error:
        return None, [*spots, _syntax(error, text)]
    return (top[0] if top else None), spots + _documents(top)


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=_Loader))


def _node(event: yaml.Event, stack: list[_Open], spots: list[Spot]) -> Node | None:
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, *_start(event))
    if isinstance(event, yaml.AliasEvent):
        return Scalar("*", *_start(event))
    if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
        node, found = stack.pop().closed()
        spots += found
        return node
    return None


def _refused(event: yaml.Event) -> list[Spot]:
    if not isinstance(event, yaml.NodeEvent):
        return []
    line, column = _start(event)
    if isinstance(event, yaml.AliasEvent):
        return [Spot(line, column, "alias", "aliases are not part of the format", _QUOTE.format("*"))]
    spots = []
    if event.anchor is not None:
        spots.append(Spot(line, column, "anchor", "anchors are not part of the format", _QUOTE.format("&")))
    if getattr(event, "tag", None) is not None:
        spots.append(Spot(line, column, "tag", "tags are not part of the format", _QUOTE.format("!")))
    return spots


_QUOTE = "put the text in double quotes if it really starts with {}"


def _documents(top: list[Node]) -> list[Spot]:
    return [
        Spot(node.line, node.column, "two-documents", "a second document starts here", "one file, one article")
        for node in top[1:]
    ]


def _syntax(error: yaml.YAMLError, text: str) -> Spot:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    context = getattr(error, "context", None)
    message = f"{context + ': ' if context else ''}{reason}"
    if mark is None:
        return Spot(1, 1, "yaml-syntax", message)
    line = min(mark.line, text.count("\n")) + 1
    return Spot(line, mark.column + 1, "yaml-syntax", message, _syntax_hint(reason))


def _syntax_hint(reason: str) -> str:
    if "mapping values" in reason:
        return "a text that holds a colon and a space must stand in double quotes"
    if "cannot start any token" in reason:
        return "put the text in double quotes; indent with spaces"
    return ""
