"""An admin's page of the API's keys: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.make_api_token import make_api_token, revoke_api_token
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.api_token import ApiToken
from forum.people.permissions import Act
from forum.web.context import now, parts, session
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

tokens = Blueprint("tokens", __name__, url_prefix="/admin/tokens")


@tokens.get("")
@needs(Act.MAKE_API_TOKENS)
def index() -> ResponseReturnValue:
    return _page({}, {})


@tokens.post("")
@limiter.limit("30/hour")
@needs(Act.MAKE_API_TOKENS)
def make() -> ResponseReturnValue:
    """The secret stands in this one answer and nowhere else, so there is no redirect after it."""
    form = request.form
    try:
        secret, token = make_api_token(session(), form.get("name", ""), Act.IMPORT_CONTACTS, the_viewer(), now())
    except Invalid as error:
        session().rollback()
        return _page(form, said(error)), 422
    session().commit()
    return _page({}, {}, secret, token)


@tokens.post("/<int:token_id>/revocation")
@needs(Act.MAKE_API_TOKENS)
def revoke(token_id: int) -> ResponseReturnValue:
    token = session().get(ApiToken, token_id)
    if token is None:
        raise NotFound(Message("There is no such key."))
    revoke_api_token(session(), token, the_viewer(), now())
    session().commit()
    flash(_("The key %(name)s opens nothing any more.", name=token.name), "success")
    return redirect("/admin/tokens", 303)


def _page(
    form: Mapping[str, str], errors: Mapping[str, str], secret: str | None = None, made: ApiToken | None = None
) -> str:
    rows = session().execute(
        select(ApiToken, Account.display_name)
        .join(Account, Account.id == ApiToken.made_by_id)
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
        .limit(200)
    )
    return render_template(
        "contacts/tokens.html",
        rows=rows.all(),
        form=form,
        errors=errors,
        secret=secret,
        made=made,
        address=f"{parts().settings.public_url}/api/contacts",
    )
