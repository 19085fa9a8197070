"""flask --app wsgi superfans verify-card FILE: whether a card that somebody shows is ours."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from forum.exports.card import LARGEST, Verdict, verify
from forum.web.context import parts
from forum.wiring.translator import say

WORDS = {
    Verdict.GENUINE: "Genuine.",
    Verdict.REDRAWN: "The facts are genuine, the picture was changed.",
    Verdict.FORGED: "Not genuine: the facts or the signature were changed, or another key signed them.",
    Verdict.UNREADABLE: "No card.",
}


@click.command("verify-card")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def verify_card(file: Path) -> None:
    """Verify the signature of a card's SVG; exit code 1 unless it is genuine, its picture included."""
    with file.open(encoding="utf-8", errors="replace") as read:
        found = verify(read.read(LARGEST), parts().card_signer, say)
    click.echo(WORDS[found.verdict])
    if found.facts is not None and found.verdict != Verdict.FORGED:
        for name in ("name", "shown_name", "rank", "solutions", "helped", "site", "as_of"):
            click.echo(f"{name}\t{found.facts[name]}")
    if found.verdict != Verdict.GENUINE:
        raise SystemExit(1)
