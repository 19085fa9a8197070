"""The operator's commands: flask --app wsgi GROUP COMMAND."""

from __future__ import annotations

from flask import Flask

from forum.web.card_commands import verify_card
from forum.web.contact_commands import contacts
from forum.web.import_commands import imports
from forum.web.index_commands import index
from forum.web.ledger_commands import ledger
from forum.web.people_commands import people
from forum.web.reader_commands import readers
from forum.web.sample_commands import sample
from forum.web.superfan_commands import superfans


def init_app(app: Flask) -> None:
    app.cli.add_command(contacts)
    app.cli.add_command(imports)
    app.cli.add_command(index)
    app.cli.add_command(ledger)
    app.cli.add_command(people)
    app.cli.add_command(readers)
    app.cli.add_command(sample)
    superfans.add_command(verify_card)
    app.cli.add_command(superfans)
