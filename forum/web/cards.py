"""The card that a member embeds elsewhere, the page with the code for it, and where anybody can verify one."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from forum.exports.card import LARGEST, Setting, card, verify
from forum.exports.card_drawing import THEMES
from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.names import key_of
from forum.reports.card_facts import CardFacts, card_facts
from forum.web.context import now, parts, session
from forum.web.extensions import limiter
from forum.web.i18n import locale_of
from forum.wiring.translator import say

cards = Blueprint("cards", __name__)
KEPT_FOR = 3600  # seconds
# As an image nothing of it runs anyway; opened by itself, or in a frame elsewhere, it may load and run nothing either.
POLICY = "default-src 'none'; style-src 'none'; sandbox; frame-ancestors *"


@cards.get("/people/<name>/card.svg")
@limiter.limit("300 per minute")
def picture(name: str) -> ResponseReturnValue:
    """`theme` is light or dark, `lang` a language on offer; whatever else they say counts as the first. No cookie matters."""
    language = _language()
    facts = _facts(name, language)
    theme = request.args.get("theme", "")
    setting = Setting(
        site=parts().settings.site_name,
        address=_address(facts),
        theme=theme if theme in THEMES else next(iter(THEMES)),
        language=language,
        day=now().astimezone(parts().settings.time_zone).date(),
    )
    answer = Response(card(facts, setting, parts().card_signer, say), content_type="image/svg+xml; charset=utf-8")
    answer.headers.update({
        "Cache-Control": f"public, max-age={KEPT_FOR}", "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*",
    })  # fmt: skip
    answer.add_etag()
    return answer.make_conditional(request)


@cards.get("/people/<name>/card")
def code(name: str) -> ResponseReturnValue:
    facts = _facts(name, _language())
    address = _address(facts)
    alt = f"{facts.shown_name} · {parts().settings.site_name}"
    return render_template(
        "people/card.html",
        facts=facts,
        path=f"/people/{quote(facts.name)}",
        markdown=f"[![{_for_markdown(alt)}]({address}/card.svg)]({address})",
        alt=alt,
        address=address,
    )


@cards.get("/cards/verify")
def verify_form() -> ResponseReturnValue:
    return render_template("people/verify_card.html", found=None, typed="")


@cards.post("/cards/verify")
@limiter.limit("30 per minute")
def verify_one() -> ResponseReturnValue:
    """What is pasted, or a file. Nothing is fetched from an address: an SVG can be saved and given here."""
    file = request.files.get("file")
    typed = request.form.get("card", "")
    text = file.read(LARGEST).decode("utf-8", "replace") if file else typed
    if not text.strip():
        return render_template("people/verify_card.html", found=None, typed="", missing=True), 422
    found = verify(text, parts().card_signer, say)
    return render_template("people/verify_card.html", found=found, typed=typed[:LARGEST])


@cards.get("/.well-known/answerback-card-key")
def public_key() -> ResponseReturnValue:
    answer = Response(parts().card_signer.public_key, content_type="text/plain; charset=ascii")
    answer.headers.update({"Cache-Control": f"public, max-age={KEPT_FOR}", "Access-Control-Allow-Origin": "*"})
    return answer


def _facts(name: str, language: str) -> CardFacts:
    facts = card_facts(session(), key_of(name), language)
    if facts is None:
        raise NotFound(Message("Nobody here has this name, or they show no card."))
    return facts


def _address(facts: CardFacts) -> str:
    return f"{parts().settings.public_url}/people/{quote(facts.name)}"


def _language() -> str:
    """By the address alone: a picture that is cached for everybody cannot follow each browser's language."""
    offered = parts().settings.languages
    wanted = locale_of(request.args.get("lang", ""))
    return wanted if wanted in offered else offered[0]


def _for_markdown(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\[]*_`<>!" else letter for letter in text)
