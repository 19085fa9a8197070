"""Connected networks: what each does, connecting one more, changing, pausing and removing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.change_connection import change_connection, propose_change
from forum.actions.connect_network import check, connect_network, propose
from forum.actions.pause_connection import pause_connection, read_now, resume_connection
from forum.actions.remove_connection import remove_connection
from forum.actions.switch_sandbox import SANDBOX_OFF, switch_sandbox
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.lease import Switch
from forum.kernel.messages import Message
from forum.listening.connection import Connection
from forum.listening.credentials import form_name
from forum.networks.catalogue import SANDBOX, Catalogue, NetworkKind
from forum.networks.sandbox import posting
from forum.people.permissions import Act
from forum.reports.networks import list_connections
from forum.threads.board import Board
from forum.web.context import commit, now, parts, release, session
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

networks = Blueprint("networks", __name__, url_prefix="/admin/networks")
CHECK_LIMIT = "20 per minute"  # each asks a network, and networks count wrong passwords


@networks.get("")
@needs(Act.CONNECT_NETWORKS)
def index() -> ResponseReturnValue:
    return render_template(
        "networks/list.html",
        rows=list_connections(session()),
        sandbox_on=session().get(Switch, SANDBOX_OFF) is None,
        currency=parts().settings.currency,
    )


@networks.get("/new")
@needs(Act.CONNECT_NETWORKS)
def new() -> ResponseReturnValue:
    """Choose a kind; with `kind` in the address, its form."""
    if "kind" not in request.args:
        return render_template("networks/choose.html", kinds=_catalogue().kinds())
    kind = _kind(request.args["kind"])
    values = {form_name(field): field.default for field in kind.settings()}
    return _form(kind, {**values, "withdrawal": "delete"}, {})


@networks.post("/new")
@needs(Act.CONNECT_NETWORKS)
@limiter.limit(CHECK_LIMIT)
def connect() -> ResponseReturnValue:
    form = request.form
    kind = _kind(form.get("kind", ""))
    try:
        proposal = propose(session(), kind, form, the_viewer())
        if kind.name == SANDBOX.name:  # our own network: the brand's account there is made by connecting it
            name = parts().settings.site_name
            posting.open_account(session(), proposal.settings["handle"].removeprefix("@"), name, is_brand=True)
            posting.open_stand_ins(session())
        release()
        checked = check(parts().networks, proposal)
        connection = connect_network(session(), checked, the_viewer(), seal=parts().seal, now=now())
    except Invalid as error:
        session().rollback()
        return _form(kind, _shown(form), said(error)), 422
    commit()
    parts().bell.ring("import_mentions", connection.id)
    flash(_("@%(handle)s is connected. It is being read now.", handle=connection.account_handle), "success")
    return redirect("/admin/networks", 303)


@networks.get("/<int:connection_id>")
@needs(Act.CONNECT_NETWORKS)
def edit(connection_id: int) -> ResponseReturnValue:
    connection = _connection(connection_id)
    return _form(_kind(connection.kind), _values(connection), {}, connection)


@networks.post("/<int:connection_id>")
@needs(Act.CONNECT_NETWORKS)
@limiter.limit(CHECK_LIMIT)
def change(connection_id: int) -> ResponseReturnValue:
    connection, form = _connection(connection_id), request.form
    kind, seal = _kind(connection.kind), parts().seal
    try:
        wanted = propose_change(session(), connection, kind, form, the_viewer(), seal=seal)
        release()
        checked = check(parts().networks, wanted.proposal) if wanted.asks_network else None
        change_connection(session(), connection, wanted, checked, the_viewer(), seal=seal, now=now())
    except Invalid as error:
        session().rollback()
        return _form(kind, _shown(form), said(error), connection), 422
    commit()
    flash(_("Saved."), "success")
    return redirect("/admin/networks", 303)


@networks.post("/<int:connection_id>/pause")
@needs(Act.CONNECT_NETWORKS)
def pause(connection_id: int) -> ResponseReturnValue:
    pause_connection(session(), _connection(connection_id), the_viewer(), now())
    commit()
    flash(_("Paused. Nothing is read or sent until you resume."), "success")
    return redirect("/admin/networks", 303)


@networks.post("/<int:connection_id>/pause/end")
@needs(Act.CONNECT_NETWORKS)
def resume(connection_id: int) -> ResponseReturnValue:
    resume_connection(session(), _connection(connection_id), the_viewer(), now())
    commit()
    parts().bell.ring("import_mentions", connection_id)
    flash(_("It is listening again."), "success")
    return redirect("/admin/networks", 303)


@networks.post("/<int:connection_id>/reading")
@needs(Act.CONNECT_NETWORKS)
def read(connection_id: int) -> ResponseReturnValue:
    read_now(session(), _connection(connection_id), the_viewer(), now())
    commit()
    parts().bell.ring("import_mentions", connection_id)
    flash(_("It is being read now."), "success")
    return redirect("/admin/networks", 303)


@networks.post("/<int:connection_id>/removal")
@needs(Act.CONNECT_NETWORKS)
def remove(connection_id: int) -> ResponseReturnValue:
    connection = _connection(connection_id)
    remove_connection(session(), connection, the_viewer(), now())
    commit()
    flash(_("@%(handle)s is removed. Its threads stay.", handle=connection.account_handle), "success")
    return redirect("/admin/networks", 303)


@networks.post("/sandbox")
@needs(Act.SWITCH_SANDBOX)
def switch() -> ResponseReturnValue:
    on = request.form.get("sandbox") == "on"
    switch_sandbox(session(), the_viewer(), on=on, now=now())
    commit()
    flash(_("The sandbox is open.") if on else _("The sandbox is closed."), "success")
    return redirect("/admin/networks", 303)


def _catalogue() -> Catalogue:
    return cast(Catalogue, parts().networks)


def _kind(name: str) -> NetworkKind:
    kind = _catalogue().kind(name)
    if kind is None:
        raise NotFound(Message("There is no such network here."))
    return kind


def _connection(connection_id: int) -> Connection:
    connection = session().get(Connection, connection_id)
    if connection is None or connection.removed_at is not None:
        raise NotFound(Message("There is no such connection."))
    return connection


def _form(
    kind: NetworkKind, values: Mapping[str, str], errors: Mapping[str, str], connection: Connection | None = None
) -> str:
    boards = (
        session()
        .execute(select(Board.id, Board.name).where(Board.private_since.is_(None)).order_by(Board.position, Board.id))
        .all()
    )
    return render_template(
        "networks/form.html",
        kind=kind,
        connection=connection,
        values=values,
        errors=errors,
        on_boards=cast(Sequence[tuple[int, str]], boards),
        currency=parts().settings.currency,
        form_name=form_name,
    )


def _values(connection: Connection) -> dict[str, str]:
    """What the form begins with; secrets are not even opened for it."""
    cost = connection.cost_per_reply
    return {
        **{f"setting-{name}": value for name, value in connection.settings.items()},
        "board": str(connection.board_id),
        "withdrawal": connection.withdrawal,
        "cost": f"{cost.normalize():f}" if cost is not None else "",
    }


def _shown(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without the secrets."""
    return {name: value for name, value in form.items() if not name.startswith("secret-")}
