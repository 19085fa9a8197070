"""What people do to a post: edit it, look at its history, thank for it, comment on it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.actions.comment import comment
from forum.actions.edit_post import edit_post
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.kernel.errors import Invalid
from forum.people.permissions import Act, require
from forum.threads.post import Post, Revision
from forum.web.context import commit, now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.loading import the_post, the_viewer
from forum.web.threads import WRITING_LIMIT, post_href
from forum.web.viewer import needs

posts = Blueprint("posts", __name__, url_prefix="/posts/<int:post_id>")


@posts.get("")
def show(post_id: int) -> ResponseReturnValue:
    return redirect(_href(the_post(post_id)), 302)


@posts.get("/edit")
@needs(Act.EDIT_OWN_POST)
def edit_form(post_id: int) -> ResponseReturnValue:
    post = _editable(post_id)
    form = {"text": post.text, "title": post.thread.title, "summary": post.summary or ""}
    return render_template("posts/edit.html", post=post, form=form, errors={})


@posts.post("/edit")
@needs(Act.EDIT_OWN_POST)
@limiter.limit(WRITING_LIMIT)
def edit(post_id: int) -> ResponseReturnValue:
    post = _editable(post_id)
    form = request.form
    try:
        edit_post(
            session(),
            post.thread,
            post,
            the_viewer(),
            text=form.get("text", ""),
            title=form.get("title"),
            summary=form.get("summary"),
            markup=parts().markup,
            now=now(),
        )
    except Invalid as error:
        return render_template("posts/edit.html", post=post, form=form, errors=error.fields), 422
    commit()
    return redirect(_href(post), 303)


@posts.get("/history")
def history(post_id: int) -> ResponseReturnValue:
    post = the_post(post_id)
    revisions = session().scalars(
        select(Revision)
        .where(Revision.post_id == post.id)
        .options(joinedload(Revision.edited_by))
        .order_by(Revision.number.desc())
        .limit(100)
    )
    return render_template("posts/history.html", post=post, revisions=revisions.all(), href=_href(post))


@posts.post("/kudos")
@needs(Act.GIVE_KUDOS)
def thank(post_id: int) -> ResponseReturnValue:
    post = the_post(post_id)
    give_kudos(session(), post.thread, post, the_viewer(), now())
    commit()
    return redirect(_href(post), 303)


@posts.post("/kudos/end")
@needs(Act.GIVE_KUDOS)
def take_back(post_id: int) -> ResponseReturnValue:
    post = the_post(post_id)
    take_back_kudos(session(), post.thread, post, the_viewer(), now())
    commit()
    return redirect(_href(post), 303)


@posts.post("/comments")
@needs(Act.COMMENT)
@limiter.limit(WRITING_LIMIT)
def add_comment(post_id: int) -> ResponseReturnValue:
    post = the_post(post_id)
    form = request.form
    try:
        comment(
            session(),
            post.thread,
            post,
            the_viewer(),
            text=form.get("text", ""),
            submission_key=form.get("once"),
            markup=parts().markup,
            now=now(),
        )
    except Invalid as error:
        return render_template("posts/comment.html", post=post, form=form, errors=error.fields, href=_href(post)), 422
    commit()
    flash(_("Your comment stands under the post."), "success")
    return redirect(_href(post), 303)


@posts.get("/comments/new")
@needs(Act.COMMENT)
def comment_form(post_id: int) -> ResponseReturnValue:
    post = the_post(post_id)
    return render_template("posts/comment.html", post=post, form={}, errors={}, href=_href(post))


def _editable(post_id: int) -> Post:
    post = the_post(post_id)
    account = viewer()
    own = account is not None and post.author_id == account.id
    require(account, Act.EDIT_OWN_POST if own else Act.EDIT_ANY_POST)
    return post


def _href(post: Post) -> str:
    return post_href(post.thread.id, post.thread.slug, post.id, post.number)
