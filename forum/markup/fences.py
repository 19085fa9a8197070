"""Code in fences: coloured by CSS classes where the language is a known one, and never at more than a bounded cost."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

# Lexers whose cost was measured on hostile text; any other language is shown without colours.
LANGUAGES = frozenset(
    """
    bash c console cpp csharp css diff go html http ini java javascript json kotlin lua makefile nginx php powershell python
    ruby rust sql swift toml typescript xml yaml
    """.split()  # noqa: SIM905 - thirty words are read as words
)
LONGEST_COLOURED = 6_000  # characters of one post's fences together
LONGEST_LINE = 200  # characters; most lexers are quadratic in the length of a line
# Colour for what has a meaning of its own; names, punctuation and space stay as they are, which halves the tags.
_PLAIN = frozenset({"", "n", "p", "w", "o", "err", "esc", "x", "nx"})
# These look for a signature from every word on: quadratic in the whole code, so that they get only a sixth as much of it.
_SLOW = frozenset({"c", "cpp", "csharp", "java"})
_CHARACTERS_PER_COLOUR = 8  # what it takes to find words, in the same unit as a coloured word


@dataclass
class Colours:
    """How much colouring a post may still have: one for each coloured word, and for every few characters looked at."""

    left: int
    characters: int = LONGEST_COLOURED

    def code_html(self, code: str, language: str) -> str:
        """A `pre` of the code, with `span class=…` for its words if its language is known and there is enough left."""
        lexer = _lexer(language)
        coloured = self._coloured(code, lexer) if lexer else None
        return plain_code_html(code) if coloured is None else _pre(coloured)

    def _coloured(self, code: str, lexer: Lexer) -> str | None:
        weight = len(code) * (6 if _SLOW.intersection(lexer.aliases) else 1)
        looked_at = weight // _CHARACTERS_PER_COLOUR
        if weight > self.characters or looked_at >= self.left or max(map(len, code.split("\n"))) > LONGEST_LINE:
            return None
        self.left -= looked_at
        self.characters -= weight
        pieces: list[str] = []
        for name, words in groupby(
            lexer.get_tokens_unprocessed(code), key=lambda token: STANDARD_TYPES.get(token[1], "")
        ):
            value = "".join(word for _, _, word in words)
            if name in _PLAIN or not value.strip():
                pieces.append(html.escape(value, quote=False))
                continue
            pieces.append(f'<span class="{name}">{html.escape(value, quote=False)}</span>')
            self.left -= 1
            if self.left <= 0:
                return None
        return "".join(pieces)


def plain_code_html(code: str) -> str:
    """A `pre` of the code without colours."""
    return _pre(html.escape(code, quote=False))


def _pre(inner: str) -> str:
    return f'<pre class="highlight"><code>{inner}</code></pre>'


def _lexer(language: str) -> Lexer | None:
    try:
        lexer = get_lexer_by_name(language.lower()) if language else None
    except ClassNotFound:
        return None
    return lexer if lexer is not None and LANGUAGES.intersection(lexer.aliases) else None
