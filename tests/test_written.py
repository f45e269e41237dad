"""Columns of many articles say what each of the articles says; what no article has is left to those who read each."""

import pytest

from jobs.contents import loaded
from jobs.fast import quiet
from jobs.problems import Where
from jobs.read import FEW, Read, Reading, read, read_many
from jobs.screen import Spot, familiar, screen
from jobs.written import Articles, from_json
from tests.helpers import HEAD, Case, all_cases, articles_in, real

FILES = [data for _, content in real().articles if isinstance(data := loaded(content), bytes)]
WHOLE = b'{"url":"u","publisher":"p","published":"2024","text":"t"%b}'


def wrong(reading: Reading) -> tuple[list[Spot], list[tuple[Where, str, str]]]:
    return reading.spots, [finding[:3] for finding in reading.findings]


def many(files: list[bytes]) -> Read:
    with quiet():
        return read_many(files)


def test_columns_say_what_the_articles_say() -> None:
    articles = [read(data).article for data in FILES]
    written, readings = many(FILES)
    assert readings is None
    assert len(written) == len(articles) > 200
    assert articles_in(written) == articles == [written.article(number) for number in range(len(written))]
    assert articles_in(Articles([article for article in articles if article])) == articles


@pytest.mark.parametrize("case", [case for case in all_cases() if not case.lists], ids=lambda case: case.name)
def test_an_article_is_read_alike_among_others(case: Case) -> None:
    files = [*FILES[:FEW], case.text.encode()]
    written, readings = many(files)
    with quiet():
        alone = list(map(read, files))
    assert readings is None or list(map(wrong, readings)) == list(map(wrong, alone))
    assert articles_in(written) == [each.article for each in alone if each.article is not None]
    assert readings is not None or not any(wrong(alone[-1]))


def test_an_odd_text_among_plain_ones_keeps_its_place() -> None:
    odd = f"{HEAD}note: |-\n  Two\n  lines.\n".encode()
    written, readings = many([*FILES[:FEW], odd, *FILES[FEW:]])
    assert readings is None
    assert written.article(FEW).note == "Two\nlines."
    assert written.column("", "note").cells()[FEW] == "Two\nlines."


@pytest.mark.parametrize(
    "more",
    [
        b',"title":1', b',"title":true', b',"title":["a"]', b',"title":{"a":"b"}', b',"titel":"a"',
        b',"title":"a","title":"a"', b',"title":"a","title":null', b',"grades":"a"', b',"grades":{}', b',"grades":["a"]',
        b',"grades":[null]', b',"grades":[{"area":"a","grade":"g"},null]', b',"grades":[{}]', b',"grades":[{"area":"a"}]',
        b',"grades":[{"area":"a","grade":"g","grade":"h"}]', b',"grades":[{"area":"a","grade":"g","x":"h"}]',
        b',"grades":[{"area":"a","grade":{"g":"h"}}]', b',"grades":[],"grades":[]', b',"counts":[{}]',
        b',"counts":[{"grades":{}}]', b',"counts":[{"grades":{" ":"1"}}]', b',"counts":[{"grades":{"a":1}}]',
        b',"counts":[{"grades":{"a":null}}]', b',"counts":[{"grades":{"a":"1","a":"2"}}]', b',"counts":[{"grades":"a"}]',
        b',"counts":[{"grades":{"a":{"b":"1"}}}]', b',"statements":[{"id":"a"}]', b"}{", b",", b'"', b"}null{", b"]",
    ],
)  # fmt: skip
def test_what_no_article_has_makes_no_columns(more: bytes) -> None:
    sound = WHOLE % b',"grades":[{"area":"a","grade":"g"}],"counts":[{"grades":{"a":"1"}}]'
    assert from_json([sound, sound]) is not None
    assert from_json([WHOLE % more]) is None
    assert from_json([sound, WHOLE % more, sound]) is None


@pytest.mark.parametrize("line", [b"null", b"[]", b'"a"', b"1", b"", b" {}", b"{}"])
def test_what_is_no_mapping_never_reaches_the_parser(line: bytes) -> None:
    """Some of these would end the process."""
    assert from_json([line]) is None
    assert from_json([line, WHOLE % b""]) is None
    assert from_json([]) is None


def test_names_of_grades_without_end_make_no_columns() -> None:
    labels = b",".join(b'"g%d":"1"' % number for number in range(101))
    assert from_json([WHOLE % (b',"counts":[{"grades":{%b}}]' % labels)]) is None


def test_bytes_that_would_be_a_text_without_what_stands_between_them() -> None:
    quote = "’".encode()
    assert familiar(b"a" + quote)
    assert not familiar(quote[:1] + b"a" + quote[1:])
    assert [spot.code for spot in screen(quote[:1] + b"a" + quote[1:])[1]] == ["not-utf-8"] * 3
