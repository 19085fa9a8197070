"""What a text is about, in terms that tell something: of the one analyser, without words that stand in any text."""

from __future__ import annotations

from collections.abc import Iterator

from forum.search.analyser import Unit, units
from forum.search.port import Subject

LONGEST_TEXT = 4_000  # characters; what a post is about is said by then
MOST_TERMS = 80  # of one text, the first


def subject_of(text: str) -> Subject:
    """Each term once, in order. A product is a name of letters and then digits, such as AX3000 or RT-2: it is told apart from words."""
    terms: dict[str, None] = {}
    products: dict[str, None] = {}
    for unit in units(text[:LONGEST_TEXT]):
        if name := _product(unit):
            products[name] = None
        else:
            terms.update(dict.fromkeys(_terms(unit)))
        if len(terms) >= MOST_TERMS:
            break
    return Subject(tuple(terms)[:MOST_TERMS], tuple(products))


def _terms(unit: Unit) -> Iterator[str]:
    if unit.stop:
        return
    found = unit.pairs() if unit.running else unit.whole or unit.parts
    yield from (term for term in found if len(term) > 1 and not term.isnumeric())


def _product(unit: Unit) -> str | None:
    if unit.running or not unit.whole:
        return None
    name = unit.whole[0]
    return name if name[0].isalpha() and any(character.isdigit() for character in name) else None
