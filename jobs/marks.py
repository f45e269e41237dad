"""YAML text -> plain nodes that know where they were written, or the problems of the text.

Only the event stream is looked at, so nothing is built from anchors, aliases or tags, and nesting stops early.
Importing the YAML library takes long, so this is imported when it is needed.
"""

from collections.abc import Iterator
from typing import Final

import yaml

from jobs.nodes import Fields, Items, Node, Scalar
from jobs.problems import shown
from jobs.screen import Spot

MAX_DEPTH: Final = 12
"""Levels of nesting; an article needs five."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    context = getattr(error, "context", None) or ""
    mark = getattr(error, "problem_mark", None)
    if context.startswith("while scanning"):  # where it began says more than where it could not go on
        mark = getattr(error, "context_mark", None) or mark
    words, hint = next((said for part, said in _PLAIN_WORDS.items() if part in f"{context} {reason}"), ("", ""))
    message = words or f"{context + ': ' if context else ''}{reason}"
    if mark is None:
        return Spot(1, 1, "yaml-syntax", message, hint)
    last = len(text.splitlines()) or 1
    return Spot(min(mark.line + 1, last), mark.column + 1 if mark.line < last else 1, "yaml-syntax", message, hint)


_PLAIN_WORDS: Final = {
    "mapping values are not allowed": (
        "a colon and a space inside a text",
        "put the text in double quotes; or the line before lacks its indentation",
    ),
    "could not find expected ':'": (
        "a line without a key and a colon",
        "write key: value; indent what continues a text",
    ),
    "cannot start any token": (
        "a text cannot begin with this character",
        "put the text in double quotes; indent with spaces, not tabs",
    ),
    "while scanning a quoted scalar": (
        "a quotation mark that is never closed",
        "close it at the end of the text; inside double quotes write typographic ones",
    ),
    "while parsing a block mapping": (
        "this is indented unlike the keys around it, or follows a closed text",
        "keys of one mapping begin in one column; a text with quotation marks inside needs them all around",
    ),
    "while parsing a block collection": ("this is indented unlike the list around it", "hyphens begin in one column"),
    "while parsing a flow": (
        "a bracket or brace that is not closed, or a missing comma",
        "better write one key a line",
    ),
}
"""What libyaml says -> what a curator understands, and what may help."""
