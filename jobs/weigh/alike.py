"""Statements that read nearly the same and are two all the same: most likely one utterance under two names."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import combinations
from typing import Final, NamedTuple
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import different, plain
from jobs.decisions import Decisions
from jobs.problems import Finding
from jobs.weigh.groups import Clash, Groups, Indexes, Mask, Rival
from jobs.weigh.settle import DECISIONS_FILE
from schemas.decisions import Distinct

LEAST_WORDS: Final = 4
"""Words that a passage has at least if its likeness means anything."""
NEARLY: Final = 0.8
"""Likeness of two passages from which on they are nearly the same: words in common, in their order, of all words."""
_END: Final = 12
"""Letters and digits at either end that passages must share to be looked at, as nearly the same words mostly do."""
_PAIRS: Final = 2**16
"""Pairs of texts of which it is kept whether they are alike, since the same ones come again."""
_WORD = re.compile(r"[^\W_]+")


class Passage(NamedTuple):
    """Words of an utterance, or those that locate it, and where they stand: index of the file, item."""

    fact_id: str
    speaker: str
    inspection_id: str
    file: int
    item: int
    words: tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without case, quotation marks and dashes."""
    return tuple(_WORD.findall(text.casefold().replace("’", "").replace("'", "")))


def likely_duplicates(groups: Groups, decisions: Decisions) -> list[Clash]:
    """The clashes of statements of one speaker, in different articles, whose excerpts or locating words are alike.

    Many articles print the same words, so each text is looked at once, and rows know its number.
    """
    table, fact = groups.claims, groups.facts_of
    texts, text = _texts(groups)
    bare = pc.utf8_lower(pc.replace_substring_regex(texts, r"[^\p{L}\p{N}]+", ""))
    inspection, speaker = (np.asarray(groups.encoded(name).indices) for name in ("inspection_id", "speaker"))
    whose = inspection.astype(np.int64) * (speaker.max(initial=0) + 1) + speaker
    near = np.zeros(len(table), dtype=np.bool_)
    for ends in (pc.utf8_slice_codeunits(bare, 0, _END), pc.utf8_slice_codeunits(bare, -_END)):
        near |= _shared(whose, fact, _numbered(ends)[text]) & np.asarray(pc.not_equal(ends, ""))[text]
    rows = np.flatnonzero(near)
    words = {number: words_of(texts[number].as_py()) for number in different(text[rows]).tolist()}
    rows = rows[np.isin(whose[rows], _in_doubt(whose[rows], fact[rows], text[rows], words))]
    columns = (column.to_pylist() for column in plain(table.select(Passage._fields[:-1]).take(pa.array(rows))).columns)
    passages = map(Passage, *columns, [words[number] for number in text[rows].tolist()])
    return [*(_idle(decisions, table) if decisions.distinct else ()), *clashes_of(passages, decisions)]


def _in_doubt(whose: Indexes, fact: Indexes, text: Indexes, words: Mapping[int, tuple[str, ...]]) -> list[int]:
    """Whose statements need a closer look, since two of them are alike; each text of a fact is compared once."""
    alike = lru_cache(_PAIRS)(lambda one, other: _are_alike(words[one], words[other]))
    facts = np.unique(whose * (int(fact.max(initial=0)) + 1) + fact, return_inverse=True)[1]
    once = np.unique(facts * (int(text.max(initial=0)) + 1) + text, return_index=True)[1]
    said: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for who, about, number in zip(*(column[once].tolist() for column in (whose, fact, text)), strict=True):
        if len(words[number]) >= LEAST_WORDS:
            said[who].append((about, number))
    return [
        who
        for who, texts in said.items()
        if any(one != other and alike(a, b) for (one, a), (other, b) in combinations(texts, 2))
    ]


def _texts(groups: Groups) -> tuple[pa.Array, Indexes]:
    """The different words of statements, or words that locate them, and the number of those of each statement."""
    excerpts, fragments = groups.encoded("excerpt"), groups.encoded("fragment")
    said, located = excerpts.dictionary, _decoded(fragments.dictionary)
    texts = pa.concat_arrays([said, located]).dictionary_encode()
    number = np.asarray(texts.indices, dtype=np.int64)
    printed, empty = np.asarray(excerpts.indices), np.asarray(pc.equal(said, ""))
    places = np.where(empty[printed], len(said) + np.asarray(fragments.indices), printed)
    return texts.dictionary, number[places]


def _decoded(fragments: pa.Array) -> pa.Array:
    """The words in text fragments of addresses."""
    words = pc.replace_substring(pc.replace_substring_regex(fragments, "^[#:~&]*text=", ""), "%20", " ")
    odd = pc.match_substring(words, "%")
    return pc.replace_with_mask(words, odd, pa.array(map(unquote, words.filter(odd).to_pylist()), pa.large_string()))


def _numbered(values: pa.Array) -> Indexes:
    """Values as numbers that are equal where they are."""
    return np.asarray(values.dictionary_encode().indices, dtype=np.int64)


def _shared(whose: Indexes, fact: Indexes, ends: Indexes) -> Mask:
    """Rows that share speaker, inspection and an end of their words with a row of another fact."""
    key = whose * (int(ends.max(initial=0)) + 1) + ends
    order = np.lexsort((fact, key))
    again = (key[order][1:] == key[order][:-1]) & (fact[order][1:] != fact[order][:-1])
    return np.isin(key, key[order][1:][again])


def clashes_of(passages: Iterable[Passage], decisions: Decisions) -> Iterator[Clash]:
    """Both sides of every pair of passages that are nearly the same, unless curators hold them to be distinct.

    So they do by a decision, or by telling both apart in one article, such as two points of one sentence.
    """
    distinct = {frozenset((d.first, d.second)) for d in decisions.distinct}
    blocks: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        if len(passage.words) >= LEAST_WORDS:
            blocks[passage.inspection_id, passage.speaker].append(passage)
    alike = [
        (one, other)
        for block in blocks.values()
        for one, other in combinations(block, 2)
        if one.fact_id != other.fact_id and _are_alike(one.words, other.words)
    ]
    distinct |= {frozenset((one.fact_id, other.fact_id)) for one, other in alike if one.file == other.file}
    for one, other in alike:
        if frozenset((one.fact_id, other.fact_id)) not in distinct:
            yield _clash(one, other)
            yield _clash(other, one)


def _are_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(_similarity()(one, other, score_cutoff=NEARLY))


@cache
def _similarity() -> Callable[..., float]:
    """Imported when there is something to compare, which is seldom where few articles are weighed."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity


def _clash(one: Passage, other: Passage) -> Clash:
    message = f"the words are nearly those of {other.fact_id}"
    first, second = sorted((one.fact_id, other.fact_id))
    hint = f"give both one id; or if they are two utterances, say so under distinct (first: {first}, second: {second})"
    finding = Finding(("statements", one.item, "id"), "likely-duplicate", message, hint)
    return Clash(one.file, finding, Rival(other.file, ("statements", other.item, "id")))


def _idle(decisions: Decisions, table: pa.Table) -> Iterator[Clash]:
    """Decisions that can tell nothing apart."""
    who = zip(*(table[name].to_pylist() for name in ("fact_id", "inspection_id", "speaker")), strict=True)
    known = {fact_id: whose for fact_id, *whose in who}
    for index, pair in enumerate(decisions.distinct):
        words = [(field, f"there is no statement {key}") for field, key in _sides(pair) if key not in known]
        if pair.first == pair.second:
            words.append(("second", "both are the same statement"))
        elif not words and known[pair.first] != known[pair.second]:
            words.append(("second", "nobody takes these for one: they differ in speaker or inspection"))
        for field, message in words:
            finding = Finding(("distinct", index, field), "stale-decision", message, "mend the key or remove this")
            yield Clash(DECISIONS_FILE, finding)


def _sides(pair: Distinct) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("first", pair.first), ("second", pair.second)
