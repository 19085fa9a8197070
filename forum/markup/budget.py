"""What a block may cost, estimated from its characters before anything parses it.

The parser and the first sanitiser are quadratic, or slow by the tag, in what people can type: brackets, fences, lists,
headings, entities. The estimate is in microseconds on the machine that PARTS.md measured, deliberately too high; a block that
would not fit is shown as it was written. `bench/markup.py` searches for texts that cost more than they are said to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PER_POST = 100_000  # microseconds by this estimate
PER_BLOCK = 60_000
A_PART = 150  # what a part costs for being one, refused or not
A_COLOUR = 30  # a coloured word in a fence of code
DEEPEST = 12  # lists and quotations within each other; each level is six calls deep in the parser
LONGEST_DEFINITION = 300  # characters of a line that defines a link's address: each use of it repeats them

_NESTING = re.compile(r">|[-*+](?=[ \t])|\d+[.)](?=[ \t])|    |\t")
_PREFIX = re.compile(r"(?:[ \t>]|[-*+](?=[ \t])|\d+[.)](?=[ \t]))*")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]*\]:", re.M)
_STRUCTURE = re.compile(r"^[ \t>]*(?:[-*+=_#|]|\d+[.)])", re.M)
_ITEMS = (re.compile(r" *[-*+] +\S"), re.compile(r" *\d+\. +\S"))  # a block of the one or the other alone, never mixed
_RUNS = re.compile(r"\*+|_+|~+")
_TICKS = re.compile(r"`+|~~~+")


@dataclass
class Budget:
    """What is left for one post."""

    left: float = PER_POST

    def take(self, cost: float) -> bool:
        """Take the cost of one block, if it may cost that much."""
        if cost > min(self.left, PER_BLOCK):
            self.left -= A_PART
            return False
        self.left -= cost
        return True


def cost_of_markdown(block: str) -> float:
    """Microseconds that a block of Markdown may take from parser to page; infinite where it may not be parsed at all."""
    lines = block.split("\n")
    depths = _depths(lines)
    if max(depths) > DEEPEST or (_DEFINITION.search(block) and max(map(len, lines)) > LONGEST_DEFINITION):
        return float("inf")
    by_line = A_PART + sum(depths) * 60 + len(lines) * 40 + len(_STRUCTURE.findall(block)) * 100
    return by_line + _cost_of_signs(block) + _cost_of_tries(block, lines) + _cost_of_table(lines)


def _cost_of_signs(block: str) -> float:
    """What each sign costs by itself: a search of the parser, a tag or an entity for the sanitiser."""
    count = block.count
    return (
        len(block) * 0.6
        + (count("[") + count("](")) * 40
        + (len(_RUNS.findall(block)) + len(_TICKS.findall(block))) * 30
        + (count("<") + count(">") + count("&")) * 15
        + (count("@") + count("#") + count("://") + block.lower().count("www.")) * 90
        + count("\\") * 10
    )


def _cost_of_tries(block: str, lines: list[str]) -> float:
    """What is quadratic: each of these signs may be tried with all the text after it, in vain."""
    runs = _RUNS.findall(block)
    tries = block.count("[") * 0.3 + len(runs) * 0.03 + len(_TICKS.findall(block)) * 0.1 + block.count("<") * 0.02
    long_runs = sum(len(run) ** 2 for run in runs) * 0.015
    if any(all(item.match(line) for line in lines) for item in _ITEMS):
        return tries * max(map(len, lines)) + long_runs  # each line an item: nothing is tried beyond its own line
    return (tries + len(_STRUCTURE.findall(block)) * 0.05) * len(block) + long_runs


def cost_of_code(code: str) -> float:
    """Microseconds that a fence of code may take, without its colours: those are counted one by one."""
    signs = code.count("<") + code.count(">") + code.count("&")
    return A_PART + len(code) * 0.3 + signs * 12


def _depths(lines: list[str]) -> list[int]:
    prefixes = (_PREFIX.match(line) for line in lines)
    return [len(_NESTING.findall(prefix.group())) if prefix else 0 for prefix in prefixes]


def _cost_of_table(lines: list[str]) -> float:
    """Every row gets as many cells as the first has, however few it was written with."""
    columns = max(line.count("|") for line in lines[:2]) if len(lines) > 1 else 0
    return 60 * (columns + 1) * len(lines) if columns else 0
