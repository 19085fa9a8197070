"""What staff may do about a person: name them a superfan, end that, give a role. The profile page shows the controls."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.give_role import give_role
from forum.actions.name_superfan import end_superfan, name_superfan
from forum.people.account import Account
from forum.people.permissions import Act
from forum.web.context import commit, now, session
from forum.web.loading import the_person, the_viewer
from forum.web.viewer import needs

person_controls = Blueprint("person_controls", __name__, url_prefix="/people")


@person_controls.post("/<name>/superfan")
@needs(Act.NAME_SUPERFANS)
def superfan(name: str) -> ResponseReturnValue:
    """The field `status` is `named` or `ended`."""
    person, me = the_person(name), the_viewer()
    reason = request.form.get("reason", "")
    if request.form.get("status") == "ended":
        ended = end_superfan(session(), person, me, reason=reason, now=now())
        words = _ended_words(person, ended)
    else:
        name_superfan(session(), person, me, reason=reason, now=now())
        words = [_named_words(person)]
    commit()
    for category, sentence in words:
        flash(sentence, category)
    return redirect(f"/people/{quote(person.name)}", 303)


@person_controls.post("/<name>/role")
@needs(Act.GIVE_ROLES)
def role(name: str) -> ResponseReturnValue:
    person = the_person(name)
    give_role(session(), person, request.form.get("role", ""), the_viewer(), now())
    commit()
    flash(_("The role of %(name)s is changed.", name=person.display_name), "success")
    return redirect(f"/people/{quote(person.name)}", 303)


def _named_words(person: Account) -> tuple[str, str]:
    """A place that is paused is not given anew by naming: it goes on where it was paused."""
    if person.superfan_since is None:
        return "info", _("%(name)s has a place in the programme already; it is paused.", name=person.display_name)
    return "success", _("%(name)s is a superfan now.", name=person.display_name)


def _ended_words(person: Account, ended: bool) -> list[tuple[str, str]]:
    """A rank with rights keeps somebody a superfan whose place in the programme has ended, or who never had one."""
    if person.superfan_since is None:
        return [("success", _("%(name)s is no superfan any more.", name=person.display_name))]
    place = [("success", _("Their place in the programme has ended."))] if ended else []
    return [*place, ("info", _("Whoever holds a rank with a right is a superfan."))]
