"""The rules of the house, proven: imports point one way, lists are complete, files and functions stay small."""

import ast
from pathlib import Path

import pytest

from jobs import outputs, rules, tables
from jobs.__main__ import VERBS
from jobs.tables.dimensions import DIMENSIONS
from schemas.tables import TABLES

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("jobs/**/*.py"), *ROOT.glob("schemas/*.py")])

FLOORS = (
    ("schemas", "jobs.lent", "jobs.forked", "jobs.fast", "jobs.coded", "jobs.kept.code"),
    ("jobs.problems", "jobs.contents", "jobs.spread", "jobs.ahead", "jobs.kept.cache", "jobs.recipes"),
    (
        "jobs.screen",
        "jobs.claims",
        "jobs.written",
        "jobs.cluster",
        "jobs.dates",
        "jobs.matching",
        "jobs.evidence",
        "jobs.addresses",
    ),
    ("jobs.scalars", "jobs.entries", "jobs.nodes"),
    ("jobs.marks",),
    ("jobs.shape", "jobs.codelists"),
    ("jobs.read", "jobs.read_lists", "jobs.article_schema", "jobs.draft"),
    ("jobs.rules",),
    ("jobs.pins", "jobs.decisions"),
    ("jobs.curated",),
    ("jobs.weigh", "jobs.describe", "jobs.kept.known"),
    ("jobs.tables", "jobs.located", "jobs.kept.part", "jobs.kept.tables"),
    ("jobs.outputs", "jobs.at_once", "jobs.kept.slim"),
    ("jobs.checks",),
    ("jobs.across", "jobs.alone"),
    ("jobs.pipeline",),
    ("jobs.sources", "jobs.staging", "jobs.workers", "jobs.circumstances"),
    ("jobs.partitions",),
    ("jobs.kept.remembered", "jobs.kept.index"),
    ("jobs.kept.beside",),
    ("jobs.kept",),
    ("jobs.pinning", "jobs.releases"),
    ("jobs.stores",),
    ("jobs.verbs",),
    ("jobs.__main__",),
)
"""From the ground up: a module may import from its own room and from floors below, `jobs.pipeline` being the stair."""


def floor_of(module: str) -> int:
    for number, rooms in enumerate(FLOORS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return number
    raise AssertionError(f"{module} stands on no floor: add it to FLOORS")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.split(".")[0] in ("jobs", "schemas") and name != "jobs"]


@pytest.mark.parametrize("path", [p for p in MODULES if module_name(p) != "jobs"], ids=module_name)
def test_imports_point_one_way(path: Path) -> None:
    module = module_name(path)
    room = next(r for r in FLOORS[floor_of(module)] if module == r or module.startswith(f"{r}."))
    for name in imported(path):
        same_room = name == room or name.startswith(f"{room}.")
        assert same_room or floor_of(name) < floor_of(module), f"{module} imports {name} from above or beside"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is long"


def test_every_rule_of_the_rooms_is_in_the_list() -> None:
    listed = {rule.__name__ for rule in rules.RULES}
    found = set()
    for path in ROOT.glob("jobs/rules/*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            arguments = [a.arg for a in node.args.args] if isinstance(node, ast.FunctionDef) else []
            if isinstance(node, ast.FunctionDef) and arguments == ["article", "lists", "today"]:
                found.add(node.name)
    assert found - {"apply_rules"} == listed
    assert all(rule.__doc__ for rule in rules.RULES)


def test_every_table_is_made() -> None:
    assert set(TABLES) == set(tables.FACTS) | set(DIMENSIONS) | {"articles"}


def test_every_format_and_verb_is_listed() -> None:
    made = {path.stem for path in ROOT.glob("jobs/outputs/[a-z]*")}
    assert made - {"edition", "common"} == set(outputs.OUTPUTS)
    assert {p.stem for p in ROOT.glob("jobs/verbs/*.py")} - {"__init__", "common"} == set(VERBS)
