"""The documents speak of what there is: every verb, table, code list and make target that they should name."""

import re
from pathlib import Path

from jobs.__main__ import VERBS
from jobs.scalars import CHECKS
from jobs.shape import shape_of
from schemas.codelists import CODE_LISTS
from schemas.tables import TABLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "sources/README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_table_and_verb() -> None:
    assert all(f"`{name}`" in README for name in TABLES)
    assert all(f"`openpeel {verb} " in README or f"`openpeel {verb}`" in README for verb in VERBS)


def test_the_manual_names_every_section_and_code_list() -> None:
    assert all(f"\n{name}:\n" in MANUAL for name, field in shape_of().fields.items() if field.many)
    words = set(re.findall(r"[a-z]+", MANUAL))
    assert set(CODE_LISTS) <= words


def test_every_kind_of_value_has_a_check() -> None:
    kinds = set()
    for field in shape_of().fields.values():
        inner = field.shape.fields.values() if field.shape else [field]
        kinds |= {part.kind.name for part in inner if part.kind}
    assert kinds - {"code"} <= set(CHECKS)


def test_make_targets_of_the_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in ("README.md", "CONTRIBUTING.md", "sources/README.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"`make ([a-z]+)", text):
            assert f"\n{target}: " in makefile, f"{document} names make {target}"
