"""What stops a release: rows that vanish, facts that change in silence, a collapse; and what lets it pass."""

import copy
import datetime as dt
from collections.abc import Callable

import pytest

from jobs.decisions import Decisions
from jobs.problems import CODES, Problem
from jobs.releases.changelog import changelog
from jobs.releases.changes import changes_table
from jobs.releases.compare import compare
from jobs.releases.guard import guard
from jobs.releases.reasons import digests, reasons_of, told_in
from jobs.releases.rules import MINOR, PATCH
from jobs.releases.version import bump_of
from tests.releases import Change, Made, approval, base, column, correction, decisions, nothing, retraction, told

SILENCE = decisions()
"""Nobody has decided anything."""


def claim(table: str, fact: str, article: str, agrees: bool | None = True) -> dict[str, object]:
    return {
        "claim_id": f"{article}-{table}-{fact}",
        "table": table,
        "fact_id": fact,
        "article_id": article,
        "agrees": agrees,
    }


def record() -> Made:
    """The base with articles a-0 to a-9: `a-n` states the grades gn0 to gn9; the first ten are stated by a-1, too."""
    made = base()
    made.alter("grades", "force_id", references="")
    made.columns["grades"] += [column("revised_on", "date"), column("previous_grade", "code")]
    made.add(
        "articles",
        [column("article_id", "id", key=True), column("url", "url")],
        [{"article_id": f"a-{n}"} for n in range(10)],
    )
    text = [column(name, "id", nullable=False) for name in ("table", "fact_id", "article_id")]
    claims = [claim("grades", f"g{n:03}", f"a-{n // 10}") for n in range(100)]
    claims += [claim("grades", f"g{n:03}", "a-1") for n in range(10)]
    made.add("claims", [column("claim_id", "id", key=True), *text, column("agrees", "flag", role="record")], claims)
    dispute = [column("column_name"), column("article_ids", role="record")]
    made.add("conflicts", [column("conflict_id", "id", key=True), *text[:2], *dispute], [])
    return made


def release(
    change: Change, said: Decisions = SILENCE, before: Change = nothing
) -> tuple[list[Problem], list[tuple[str, str, str, int]]]:
    """The problems and the findings of a change of the record."""
    old = record()
    before(old)
    new = copy.deepcopy(old)
    change(new)
    one, other = old.content(), new.content()
    reasons = reasons_of(one, other, said)
    return guard(one, other, reasons, said), told(compare(one, other, reasons))


def stopped(change: Change, said: Decisions = SILENCE, before: Change = nothing) -> list[tuple[str, str, str]]:
    """File, code and message of each problem."""
    return [(p.path, p.code, p.message) for p in release(change, said, before)[0]]


def bump(change: Change, said: Decisions = SILENCE) -> str:
    """The bump of a change that is not stopped."""
    old, new = record(), record()
    change(new)
    one, other = old.content(), new.content()
    reasons = reasons_of(one, other, said)
    assert guard(one, other, reasons, said) == []
    return bump_of(compare(one, other, reasons))


def without(table: str, *gone: str) -> Change:
    def change(made: Made) -> None:
        name = made.keys[table][0]
        made.rows[table] = [row for row in made.rows[table] if row[name] not in gone]

    return change


def both(*changes: Change) -> Change:
    return lambda made: [change(made) for change in changes]


def unclaimed(test: Callable[[dict[str, str]], bool]) -> Change:
    return lambda made: made.rows.update(claims=[row for row in made.rows["claims"] if not test(row)])


def test_nothing_stops_a_release_in_which_nothing_changed() -> None:
    assert release(nothing) == ([], [])


# --- rows that vanish

GONE = both(without("grades", "g042"), unclaimed(lambda row: row["fact_id"] == "g042"))
A2 = both(
    without("articles", "a-2"), without("grades", *(f"g02{n}" for n in range(10))),
    unclaimed(lambda row: row["article_id"] == "a-2"),
)  # fmt: skip


def test_a_vanished_row_names_the_article_that_last_stated_it() -> None:
    (problem,) = release(GONE)[0]
    assert problem == Problem(
        "sources/articles/a-4.yaml", 1, 1, "vanished-row", "grades: the published row ‘g042’ is gone",
        "bring it back, or say why under retractions (table: grades, key: g042)",
    )  # fmt: skip


def test_of_an_article_that_vanishes_one_thing_is_told() -> None:
    assert stopped(A2) == [
        ("sources/articles/a-2.yaml", "vanished-row",
         "articles: the published row ‘a-2’ is gone, and with it 10 published rows of what only it states"),
    ]  # fmt: skip


def test_what_another_article_states_too_is_told_by_itself() -> None:
    change = both(
        without("articles", "a-1"), without("grades", "g005"), unclaimed(lambda row: row["article_id"] == "a-1")
    )
    assert [(path, message) for path, _, message in stopped(change)] == [
        ("sources/articles/a-1.yaml", "articles: the published row ‘a-1’ is gone"),
        ("sources/articles/a-1.yaml", "grades: the published row ‘g005’ is gone"),
    ]


def test_a_vanished_code_names_its_code_list() -> None:
    assert stopped(without("forces", "f9")) == [
        ("sources/codelists/forces.csv", "vanished-row", "forces: the published row ‘f9’ is gone"),
    ]  # fmt: skip


def test_a_claim_that_is_gone_alone_names_its_article() -> None:
    assert [path for path, _, _ in stopped(unclaimed(lambda row: row["claim_id"] == "a-1-grades-g003"))] == [
        "sources/articles/a-1.yaml"
    ]


def test_a_retraction_lets_a_row_go_with_the_claims_on_it() -> None:
    problems, findings = release(GONE, decisions(retraction("grades", "g042")))
    assert problems == []
    assert findings == [("rows-retracted", "claims", "", 1), ("rows-retracted", "grades", "", 1)]


def test_a_retracted_article_takes_with_it_what_only_it_states() -> None:
    problems, findings = release(A2, decisions(retraction("articles", "a-2")))
    assert problems == []
    assert findings == [
        ("rows-retracted", "articles", "", 1), ("rows-retracted", "claims", "", 10), ("rows-retracted", "grades", "", 10),
    ]  # fmt: skip
    assert bump(A2, decisions(retraction("articles", "a-2"))) == MINOR


def test_a_retracted_article_does_not_excuse_what_others_state() -> None:
    change = both(
        without("articles", "a-1"), without("grades", "g005"), unclaimed(lambda row: row["article_id"] == "a-1")
    )
    assert [message for *_, message in stopped(change, decisions(retraction("articles", "a-1")))] == [
        "grades: the published row ‘g005’ is gone"
    ]


def test_a_retraction_leaves_a_tombstone() -> None:
    said = decisions(retraction("articles", "a-2", reason="It was a parody."))
    old, new = record(), record()
    A2(new)
    one, other = old.content(), new.content()
    reasons = reasons_of(one, other, said)
    changes = changes_table(one, other, reasons)
    assert {(r["kind"], r["reason"]) for r in changes.to_pylist()} == {("retracted", "It was a parody.")}
    assert {r["row_key"] for r in changes.to_pylist() if r["table_name"] == "grades"} == {f"g02{n}" for n in range(10)}
    text = changelog("1.1.0", "2026-01-02", compare(one, other, reasons), {**other.tables, "changes": changes}, "")
    assert "### Gone\n\n- rows were retracted, each with its reason in [articles](articles.csv): `a-2`\n" in text
    assert "- [articles](articles.csv) `a-2` and 20 more: It was a parody.\n" in text
    assert compare(one, other, told_in(changes)) == compare(one, other, reasons)


def test_conflicts_go_with_the_article_that_took_part_in_them() -> None:
    def disputed(made: Made) -> None:
        about = {"table": "grades", "fact_id": "g000", "column_name": "grade"}
        for article in ("a-0", "a-1"):
            made.rows["conflicts"].append({"conflict_id": f"g000-{article}", "article_ids": f"x; {article}", **about})
        made.rows["conflicts"].append({"conflict_id": "other", **about, "fact_id": "g001", "article_ids": "a-0"})

    settled = both(
        without("conflicts", "g000-a-0", "g000-a-1"),
        unclaimed(lambda row: row["article_id"] == "a-1" and row["fact_id"] < "g010"),
    )
    retracted = both(settled, without("articles", "a-1"))
    assert [m for *_, m in stopped(without("conflicts", "other"), before=disputed)] == [
        "conflicts: the published row ‘other’ is gone"
    ]
    change = both(
        retracted, without("grades", *(f"g01{n}" for n in range(10))), unclaimed(lambda row: row["article_id"] == "a-1")
    )
    assert stopped(change, decisions(retraction("articles", "a-1")), disputed) == []


def test_many_vanished_rows_of_a_file_are_told_in_few_lines() -> None:
    """The table of grades lost its article, so nobody but the grades tells of it."""
    change = both(without("grades", *(f"g{n:03}" for n in range(100))), unclaimed(lambda row: True))
    problems = [p for p in release(change, before=unclaimed(lambda row: True))[0] if p.code == "vanished-row"]
    assert len(problems) == 50
    assert problems[-1].message.endswith("(and 50 more of this kind in the file)")
    assert "approvals (finding: vanished-rows grades, after: 1.0.0)" in problems[0].hint
    for number, told_ in ((4, False), (5, True)):
        few = both(without("grades", *(f"g{n:03}" for n in range(number))), unclaimed(lambda row: True))
        assert ["approvals" in p.hint for p in release(few, before=unclaimed(lambda row: True))[0]] == [told_] * number


def test_an_approval_lets_all_rows_of_a_table_go_and_they_are_major() -> None:
    said = decisions(approval("vanished-rows grades"), approval("vanished-rows claims"))
    problems, findings = release(GONE, said)
    assert problems == []
    assert findings == [("rows-vanished", "claims", "", 1), ("rows-vanished", "grades", "", 1)]


@pytest.mark.parametrize(("change", "words"), [
    (lambda made: made.drop("forces"), "the table forces is gone, and with it 10 published keys"),
    (lambda made: made.keys.update(forces=("name",)), "the table forces has another primary key, and with it 10 published keys"),
])  # fmt: skip
def test_a_table_whose_keys_all_vanish_is_stopped_too(change: Change, words: str) -> None:
    assert stopped(change) == [("sources/decisions.yaml", "vanished-row", words)]
    assert stopped(change, decisions(approval("vanished-rows forces"))) == []


# --- facts that change in silence


def sets(name: str, value: object, *rows: int, table: str = "grades") -> Change:
    return lambda made: made.set(table, name, value, rows)


def test_a_fact_that_changes_in_silence_names_its_article() -> None:
    (problem,) = release(sets("grade", "poor", 42))[0]
    assert problem == Problem(
        "sources/articles/a-4.yaml", 1, 1, "unexplained-change", "grades: grade of ‘g042’ was ‘good’ and is ‘poor’",
        "say why under corrections (table: grades, key: g042, column: grade)",
    )  # fmt: skip


def test_a_fact_that_is_emptied_is_a_change() -> None:
    assert [message for *_, message in stopped(sets("score", None, 4))] == [
        "grades: score of ‘g004’ was ‘1.0’ and is empty"
    ]


PASS: dict[str, tuple[Change, Decisions, str]] = {
    "a correction of the cell": (
        sets("grade", "poor", 42), decisions(correction("grades", "g042", "grade")), PATCH),
    "a correction of all": (
        sets("score", 77.5, *range(4)), decisions(correction("grades", "all", "score")), PATCH),
    "a systematic correction": (
        sets("score", 77.5, *range(50)), decisions(correction("grades", "all", "score")), MINOR),
    "a fact that was not known": (sets("previous_grade", "poor", 1), SILENCE, PATCH),
    "a name": (sets("force", "Another", 1), SILENCE, PATCH),
    "a note": (sets("note", "Another", 0), SILENCE, PATCH),
    "a note less": (sets("note", None, 0), SILENCE, PATCH),
    "one name in a code list of ten": (
        sets("name", "Another", 1, table="forces"), decisions(correction("forces", "all", "name")), MINOR),
}  # fmt: skip


@pytest.mark.parametrize("case", PASS)
def test_what_needs_no_reason_or_has_one_passes(case: str) -> None:
    change, said, due = PASS[case]
    assert bump(change, said) == due


@pytest.mark.parametrize("said", [
    decisions(correction("grades", "g041", "grade")),
    decisions(correction("grades", "g042", "score")),
    decisions(correction("forces", "g042", "grade")),
    decisions(correction("grades", "all", "score")),
    decisions(retraction("grades", "g042")),
    decisions(approval("unexplained-change grades")),
])  # fmt: skip
def test_another_reason_is_none(said: Decisions) -> None:
    assert [code for _, code, _ in stopped(sets("grade", "poor", 42), said)] == ["unexplained-change"]


def test_a_large_part_of_a_code_list_needs_a_reason_a_small_one_does_not() -> None:
    def many(made: Made) -> None:
        made.rows["forces"] = [{"force_id": f"f{n}", "name": f"Force {n}"} for n in range(100)]

    assert stopped(sets("name", "x", 1, table="forces"), before=many) == []
    assert stopped(sets("name", lambda old: f"{old}!", *range(5), table="forces"), before=many) == [
        ("sources/codelists/forces.csv", "unexplained-change", "forces: name changed in 5 of 100 rows"),
    ]  # fmt: skip


def test_of_a_code_list_the_filled_cells_count() -> None:
    def few(made: Made) -> None:
        made.columns["forces"].append(column("region"))
        rows = [{"force_id": f"f{n}", "name": f"Force {n}", "region": "x" if n < 5 else None} for n in range(100)]
        made.rows["forces"] = rows

    (problem,) = release(sets("region", "y", 1, table="forces"), before=few)[0]
    assert problem.message == "forces: region changed in 1 of 100 rows"
    assert problem.hint == "say why under corrections (table: forces, key: all, column: region)"


def test_a_large_part_of_the_articles_needs_a_reason_too() -> None:
    """A systematic correction has a record, wherever it is made."""

    def known(made: Made) -> None:
        made.set("articles", "url", "https://example.org/1", range(10))

    change = sets("url", "https://example.org/2", 4, table="articles")
    assert stopped(change, before=known) == [
        ("sources/decisions.yaml", "unexplained-change", "articles: url changed in 1 of 10 rows"),
    ]  # fmt: skip
    assert stopped(change, decisions(correction("articles", "all", "url")), before=known) == []


def test_tables_that_follow_from_others_need_no_reason() -> None:
    assert (
        stopped(
            both(sets("url", "https://example.org", 1, table="articles"), sets("article_id", "a-9", 1, table="claims"))
        )
        == []
    )


def test_of_a_table_with_another_key_only_that_is_told() -> None:
    change = both(sets("grade", "poor", 42), lambda made: made.keys.update(grades=("grade_id", "force_id")))
    assert [code for _, code, _ in stopped(change)] == ["vanished-row"]
    assert stopped(change, decisions(approval("vanished-rows grades"))) == []


def test_the_kind_of_a_column_is_what_either_release_says() -> None:
    """What was a fact does not change in silence by being called a note in the same breath."""
    change = both(sets("score", 77.5, 1), lambda made: made.alter("grades", "score", role="record"))
    assert [code for _, code, _ in stopped(change)] == ["unexplained-change"]


def test_a_correction_speaks_of_what_changed_since_it_was_written() -> None:
    """One that was in the sources of the release before already has had its say: `all` is not for good."""
    said = decisions(correction("grades", "all", "score"))
    old, new = record().content(), record()
    new.set("grades", "score", 77.5, [1])
    again = old._replace(spent=frozenset(digests(said)))
    assert guard(old, new.content(), reasons_of(old, new.content(), said), said) == []
    (problem,) = guard(again, new.content(), reasons_of(again, new.content(), said), said)
    assert problem.hint.endswith(
        "column: score); what stands there was there in 1.0.0 already, so it is about something else"
    )
    more = decisions(correction("grades", "all", "score"), correction("grades", "g001", "score", reason="Once more."))
    assert guard(again, new.content(), reasons_of(again, new.content(), more), more) == []


# --- the inspectorate corrects itself


def revised(made: Made) -> None:
    for name, value in (("grade", "poor"), ("previous_grade", "good"), ("revised_on", dt.date(2024, 8, 8))):
        made.set("grades", name, value, [42])


def test_a_correction_by_the_inspectorate_is_a_revision_by_itself() -> None:
    assert release(revised) == ([], [
        ("cells-revised", "grades", "grade", 1), ("cells-revised", "grades", "previous_grade", 1),
        ("cells-revised", "grades", "revised_on", 1),
    ])  # fmt: skip
    assert bump(revised) == MINOR


def test_a_second_correction_is_one_and_one_that_is_taken_back_is_not() -> None:
    later = both(sets("grade", "adequate", 42), sets("revised_on", dt.date(2024, 9, 9), 42))
    assert release(later, before=revised)[0] == []
    earlier = both(sets("grade", "adequate", 42), sets("revised_on", dt.date(2024, 7, 7), 42))
    back = both(sets("grade", "good", 42), sets("revised_on", None, 42), sets("previous_grade", None, 42))
    for change, number in ((earlier, 2), (back, 3)):
        assert [code for _, code, _ in stopped(change, before=revised)] == ["unexplained-change"] * number


def test_a_revision_says_nothing_of_other_cells_and_grades() -> None:
    change = both(revised, sets("score", 77.5, 42), sets("grade", "poor", 43))
    assert [message for *_, message in stopped(change)] == [
        "grades: grade of ‘g043’ was ‘adequate’ and is ‘poor’", "grades: score of ‘g042’ was ‘10.5’ and is ‘77.5’",
    ]  # fmt: skip


def test_an_old_release_that_tells_no_revisions_is_no_obstacle() -> None:
    def dropped(made: Made) -> None:
        made.columns["grades"] = [c for c in made.columns["grades"] if c.name != "revised_on"]

    assert stopped(lambda made: made.columns["grades"].append(column("revised_on", "date")), before=dropped) == []


# --- a collapse


def halved(made: Made) -> None:
    made.rows["metrics"] = made.rows["metrics"][:5]


def metrics(number: int) -> Change:
    return lambda made: made.add(
        "metrics", [column("metric_id", "id", key=True)], [{"metric_id": f"m{n}"} for n in range(number)]
    )


def down(number: int) -> Change:
    return lambda made: made.rows.update(metrics=made.rows["metrics"][:number])


def kept(before: int, after: int, *said: str) -> list[tuple[str, str, str]]:
    """What is left to say of a table that shrinks, its rows being approved to go."""
    allowed = decisions(approval("vanished-rows metrics"), *map(approval, said))
    return stopped(down(after), allowed, metrics(before))


def test_a_fifth_fewer_rows_stop_a_release() -> None:
    assert kept(10, 9) == []
    assert kept(100, 81) == []
    assert kept(100, 80) == [("sources/decisions.yaml", "collapse", "metrics has 80 rows; it had 100")]
    assert kept(100, 80, "fewer-rows metrics") == []
    assert kept(5, 1) == []  # of so few rows some may go


def test_half_the_rows_gone_stop_a_release_although_each_is_retracted() -> None:
    said = decisions(*(retraction("metrics", f"m{n}") for n in range(50, 100)))
    assert stopped(down(50), said, metrics(100)) == [
        ("sources/decisions.yaml", "collapse", "metrics has 50 rows; it had 100"),
    ]  # fmt: skip


def test_a_table_that_has_no_rows_any_more_stops_a_release() -> None:
    assert kept(3, 0) == [("sources/decisions.yaml", "collapse", "metrics has no rows any more; it had 3")]
    assert kept(3, 0, "fewer-rows metrics") != []
    assert kept(3, 0, "no-rows metrics") == []
    assert kept(0, 0) == []


def test_a_force_that_is_gone_stops_a_release() -> None:
    others = sets("force_id", "f1", *range(0, 100, 10))
    said = decisions(correction("grades", "all", "force_id"))
    assert stopped(others, said) == [("sources/decisions.yaml", "collapse", "f0 has no grade any more")]
    assert stopped(others, decisions(*said.corrections, approval("force-gone f0"))) == []
    assert stopped(others, decisions(*said.corrections, approval("force-gone f1"))) != []


def test_approvals_hold_for_the_release_that_follows_the_one_they_name() -> None:
    for after in ("0.9.0", "1.0.1", "", "1.0"):
        said = decisions(approval("vanished-rows metrics"), approval("no-rows metrics", after))
        assert [code for _, code, _ in stopped(down(0), said, metrics(3))] == ["collapse"]
        said = decisions(approval("vanished-rows grades", after))
        assert [code for _, code, _ in stopped(GONE, said)] == ["vanished-row"]


def test_every_code_is_in_the_list() -> None:
    assert {"vanished-row", "unexplained-change", "collapse"} <= set(CODES)


def test_a_retraction_speaks_of_what_has_gone_since_it_was_written() -> None:
    said = decisions(retraction("grades", "g042"))
    old, new = record(), record()
    GONE(new)
    again = old.content()._replace(spent=frozenset(digests(said)))
    (problem,) = guard(again, new.content(), reasons_of(again, new.content(), said), said)
    assert (problem.code, problem.hint.partition("; ")[2]) == (
        "vanished-row", "what stands there was there in 1.0.0 already, so it is about something else",
    )  # fmt: skip
