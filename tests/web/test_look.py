"""The look's own rules: what style sheets, icons and templates may hold, and colours that can be read in both themes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from forum.superfans.looks import COLOURS, ICONS
from forum.web.icons import icon

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
INK_ON_GROUND = [
    *((ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("canvas", "surface", "sunken")),
    *((name, f"{name}-wash") for name in ("accent", "solved", "warn", "bad")),
    *((name, ground) for name in ("solved", "warn", "bad") for ground in ("canvas", "surface")),
    ("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("ink", "solved-wash"), ("ink", "warn-wash"), ("ink", "bad-wash"),
]  # fmt: skip


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), INK_ON_GROUND)
def test_text_can_be_read_on_its_ground(ink: str, ground: str, theme: int) -> None:
    assert contrast(token(ink, theme), token(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("colour", COLOURS)
def test_ranks_and_badges_can_be_read_on_every_ground(colour: str, theme: int) -> None:
    for ground in ("canvas", "surface", "sunken", "accent-wash"):
        assert contrast(token(f"tone-{colour}", theme), token(ground, theme)) >= 4.5
    assert f".tone-{colour} {{ --tone: var(--tone-{colour}); }}" in sheet("components")


def test_every_icon_that_a_rank_can_have_is_there() -> None:
    assert all(icon(name).startswith("<svg ") for name in ICONS)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_control_stands_out(theme: int) -> None:
    assert contrast(token("edge", theme), token("surface", theme)) >= 3


def test_white_letters_can_be_read_on_every_face() -> None:
    hues = re.findall(r"\.h\d+ \{ --hue: (\d+); \}", sheet("tokens"))
    assert len(hues) == 12
    assert all(contrast((1.0, 0.0, 0.0), (0.52, 0.11, float(hue))) >= 4.5 for hue in hues)


def test_colours_are_written_among_the_tokens_alone() -> None:
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)
    assert {path.name for path in SHEETS if literal.search(path.read_text())} == set()


def test_style_sheets_stay_short_enough_to_read() -> None:
    assert {path.name: lines for path in SHEETS if (lines := path.read_text().count("\n")) > 300} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_security_policy_refuses(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_icon_that_a_template_names_is_there(path: Path) -> None:
    for name in re.findall(r"""\bicon\("([^"]+)\"""", path.read_text()):
        assert icon(name).startswith("<svg ")


def test_an_icon_beside_a_word_is_silent_and_one_alone_is_named() -> None:
    assert 'aria-hidden="true"' in icon("bell")
    assert 'role="img" aria-label="A &lt;b&gt;"' in icon("bell", label="A <b>")


@pytest.mark.parametrize("name", ["no-such-icon", "../css/tokens", "LICENSE", ""])
def test_an_icon_that_is_not_there_is_a_mistake(name: str) -> None:
    with pytest.raises(LookupError):
        icon(name)


def sheet(name: str) -> str:
    return (ROOT / "static" / "css" / f"{name}.css").read_text()


def token(name: str, theme: int) -> tuple[float, float, float]:
    """The token's lightness, chroma and hue in the light (0) or dark (1) theme."""
    found = re.search(rf"--{name}: light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)", sheet("tokens"))
    assert found, name
    light, chroma, hue = found.group(theme + 1).split()[:3]
    return float(light.rstrip("%")) / 100, float(chroma), float(hue)


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """WCAG 2's contrast ratio."""
    darker, lighter = sorted((luminance(*one), luminance(*other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(light: float, chroma: float, hue: float) -> float:
    """Relative luminance of an oklch colour, clipped to sRGB (Björn Ottosson's matrices)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
