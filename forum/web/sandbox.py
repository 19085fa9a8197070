"""The sandbox: a timeline, a compose box as any of several customers, conversations. Staff rehearse here."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from forum.kernel.errors import ForumError, Invalid, NotFound
from forum.kernel.lease import Switch
from forum.kernel.messages import Message
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxPost
from forum.networks.sandbox.timeline import Conversation, conversation, customers, timeline
from forum.people.permissions import Act, require
from forum.reports.sandbox_traces import listening_to_sandbox, sandbox_traces
from forum.web.context import now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.i18n import say
from forum.web.viewer import needs

sandbox = Blueprint("sandbox", __name__, url_prefix="/sandbox")
FRESH = timedelta(seconds=20)  # a post so young may still become a thread, so the page looks again


@sandbox.app_template_global()
def as_on_a_network(text: str) -> Markup:
    """A post of the sandbox with its links live, as its own network would show it."""
    return Markup(parts().markup.from_network(text).html)  # noqa: S704  the markup room escapes and sanitises


@sandbox.before_request
def check_switched_on() -> None:
    if session().get(Switch, "sandbox_off") is not None:
        raise NotFound(Message("The sandbox is switched off."))


@sandbox.get("")
def show() -> ResponseReturnValue:
    return _timeline({}, {})


@sandbox.post("/posts")
@needs(Act.USE_SANDBOX)
@limiter.limit("30 per minute")
def write() -> ResponseReturnValue:
    """Post as a customer, under another post if `under` names one."""
    require(viewer(), Act.USE_SANDBOX)
    form = request.form
    parent = session().get(SandboxPost, form.get("under", 0, type=int))
    try:
        account = posting.account(session(), form.get("author", ""))
        if account is None or account.is_brand:
            raise Invalid(Message("Please choose who is posting."))
        made = posting.post(session(), account, form.get("text", ""), parent, now())
    except ForumError as error:
        session().rollback()
        errors = {"text": say(error.fields.get("text", error.message) if isinstance(error, Invalid) else error.message)}
        whole = conversation(session(), parent.conversation_id) if parent is not None else None
        page = _conversation(whole, form.to_dict(), errors) if whole else _timeline(form.to_dict(), errors)
        return page, 422
    root = made.conversation_id
    session().commit()
    for connection_id in listening_to_sandbox(session()):
        parts().bell.ring("import_mentions", connection_id)
    return redirect(url_for("sandbox.one", post_id=root, _anchor=f"post-{made.id}"), 303)


@sandbox.get("/posts/<int:post_id>")
def one(post_id: int) -> ResponseReturnValue:
    """The conversation that the post belongs to."""
    post = session().get(SandboxPost, post_id)
    if post is None:
        raise NotFound(Message("There is no such post."))
    if post.root_id is not None:
        return redirect(url_for("sandbox.one", post_id=post.root_id, _anchor=f"post-{post.id}"), 302)
    whole = conversation(session(), post_id)
    if whole is None:
        raise NotFound(Message("There is no such post."))
    return _conversation(whole, {}, {})


@sandbox.post("/posts/<int:post_id>/removal")
@needs(Act.USE_SANDBOX)
def remove(post_id: int) -> ResponseReturnValue:
    """A customer deletes a post of theirs, to rehearse what then happens. The brand's replies are not touched here."""
    post = session().get(SandboxPost, post_id)
    if post is None or post.account.is_brand:
        raise NotFound(Message("There is no such post."))
    posting.remove(session(), post, now())
    session().commit()
    flash(_("The post is gone from the sandbox."), "success")
    return redirect(url_for("sandbox.one", post_id=post.root_id) if post.root_id else url_for("sandbox.show"), 303)


def _timeline(form: dict[str, str], errors: dict[str, str]) -> str:
    shown = timeline(session(), request.args.get("before", type=int))
    traces = sandbox_traces(session(), [entry.post.id for entry in shown.entries])
    return render_template(
        "sandbox/timeline.html", shown=shown, traces=traces, people=customers(session()), form=form, errors=errors
    )


def _conversation(whole: Conversation, form: dict[str, str], errors: dict[str, str]) -> str:
    traces = sandbox_traces(session(), [post.id for post in whole.posts])
    latest = max(post.created_at for post in whole.posts)
    trace = traces.get(whole.root_id)
    pending = now() - latest < FRESH or (trace is not None and trace.solved and not _answered(whole))
    return render_template(
        "sandbox/conversation.html", whole=whole, traces=traces, people=customers(session()), form=form,
        errors=errors, pending=pending and now() - latest < timedelta(hours=1),
    )  # fmt: skip


def _answered(whole: Conversation) -> bool:
    return any(post.account.is_brand and not post.deleted for post in whole.posts)
