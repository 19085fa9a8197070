"""flask --app wsgi sample plant: the sample community, once."""

from __future__ import annotations

import os

import click
from flask.cli import AppGroup

from forum.kernel.clock import utc_now
from forum.sample.plant import Soil, plant
from forum.web.context import parts
from forum.wiring.translator import say

sample = AppGroup("sample", help="The sample community.")


@sample.command("plant")
def plant_sample() -> None:
    """Plant the sample community into an empty forum and write down the accounts to sign in with."""
    all_parts = parts()
    settings = all_parts.settings
    soil = Soil(
        all_parts.sessions, all_parts.markup, all_parts.index, say, settings.public_url, settings.time_zone,
        settings.deflection_days, settings.currency, all_parts.contact_keys, all_parts.subjects,
    )  # fmt: skip
    shown = plant(soil, utc_now(), lambda words: click.echo(f"  {words}"))
    if shown is None:
        lines = ["A community lives here already, so no sample was planted."]
    else:
        lines = ["Sign in as:"] + [f"  {one.role:<10} {one.name:<18} {one.password}" for one in shown]
    path = settings.sample_accounts_file
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
