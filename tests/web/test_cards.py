"""The card that members embed elsewhere: what it says, that it proves itself, and that no forgery does."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from forum.exports.card import Verdict, verify
from forum.exports.card_drawing import fitted, width_of
from forum.kernel.clock import utc_now
from forum.kernel.signing import Signer, canonical
from forum.superfans.rank import MemberMeasure
from forum.wiring.translator import say
from tests.application import QuietParts, SignInAs
from tests.cast import Cast, person
from tests.web.test_profiles import _rank

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bob_solves(session: Session, cast: Cast) -> None:
    cast.bob.solutions, cast.bob.rank_id = 1234, _rank(session).id
    session.add(MemberMeasure(account_id=cast.bob.id, values={"people_reached": "5678"}, measured_at=utc_now()))
    session.commit()


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.usefixtures("bob_solves")
def test_a_card_says_what_somebody_did(client: FlaskClient) -> None:
    answer = client.get("/people/bob/card.svg")
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert texts(answer.text)[:5] == ["Bob", "Guide", "1,234", "Solutions", "5,678"]
    chinese = client.get("/people/bob/card.svg?lang=zh-Hans&theme=dark").text
    assert "向导" in texts(chinese) and "#171b24" in chinese


@pytest.mark.usefixtures("bob_solves")
def test_a_card_may_stand_on_any_page_and_be_kept_for_an_hour(client: FlaskClient) -> None:
    answer = client.get("/people/bob/card.svg", headers={"Cookie": "answerback=x", "Accept-Language": "zh-TW"})
    headers = answer.headers
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (
        headers["Content-Security-Policy"].startswith("default-src 'none'")
        and "frame-ancestors *" in headers["Content-Security-Policy"]
    )
    assert "Vary" not in headers and "Set-Cookie" not in headers
    again = client.get("/people/bob/card.svg", headers={"If-None-Match": headers["ETag"]})
    assert again.status_code == 304 and not again.data
    assert client.get("/people/bob/card.svg?theme=dark").headers["ETag"] != headers["ETag"]


def test_who_has_no_card_has_none_by_any_address(app: Flask, session: Session, cast: Cast) -> None:
    cast.bob.off_leaderboards_since = utc_now()
    session.add(person("gone", closed_at=utc_now()))
    session.commit()
    for name in ("bob", "gone", "nobody", "ann", "max", "fay"):
        for end in ("card", "card.svg"):
            assert app.test_client().get(f"/people/{name}/{end}").status_code == 404, (name, end)
    assert app.test_client().get("/people/ada/card").status_code == 200


# Signature


@pytest.mark.usefixtures("bob_solves")
def test_a_card_is_genuine_and_every_changed_byte_of_it_is_told(client: FlaskClient, parts: QuietParts) -> None:
    svg = client.get("/people/bob/card.svg").text
    assert verify(svg, parts.card_signer, say).verdict == Verdict.GENUINE
    inside = re.search(r">(\{.*\})<", svg)
    assert inside is not None
    places = range(0, len(svg), 7)
    for place in places:
        other = "0" if svg[place] != "0" else "1"
        changed = svg[:place] + other + svg[place + 1 :]
        verdict = verify(changed, parts.card_signer, say).verdict
        if inside.start(1) <= place < inside.end(1):
            # The name of the key is beside the facts: with another one, the picture is not as drawn.
            assert verdict in {Verdict.FORGED, Verdict.UNREADABLE, Verdict.REDRAWN}, changed
            if '"solutions":1234' not in changed.replace("&quot;", '"'):
                assert verdict in {Verdict.FORGED, Verdict.UNREADABLE}
        else:
            assert verdict in {Verdict.REDRAWN, Verdict.UNREADABLE}, place


@pytest.mark.usefixtures("bob_solves")
def test_a_card_of_another_community_is_not_ours(client: FlaskClient) -> None:
    other = Signer("A" * 43 + "=")
    assert verify(client.get("/people/bob/card.svg").text, other, say).verdict == Verdict.FORGED


@pytest.mark.usefixtures("bob_solves")
def test_anybody_can_verify_with_the_published_key_alone(client: FlaskClient) -> None:
    key = load_pem_public_key(client.get("/.well-known/answerback-card-key").data)
    [metadata] = ET.fromstring(client.get("/people/bob/card.svg").text).iter(f"{SVG}metadata")
    signed = json.loads(metadata.text or "")
    key.verify(base64.urlsafe_b64decode(signed["signature"]), canonical(signed["facts"]))  # type: ignore[union-attr,call-arg,arg-type]
    assert signed["facts"]["solutions"] == 1234 and signed["facts"]["helped"] == 5678


@pytest.mark.usefixtures("bob_solves")
def test_the_page_says_of_what_is_pasted_whether_it_is_ours(client: FlaskClient) -> None:
    svg = client.get("/people/bob/card.svg").text
    genuine = client.post("/cards/verify", data={"card": svg.replace("\n", "\r\n")}).text  # as browsers send it
    assert "This card is genuine" in genuine and "1,234" in genuine and "(@bob)" in genuine
    forged = client.post("/cards/verify", data={"card": svg.replace("1234", "9999")}).text
    assert "not genuine" in forged and "9,999" not in forged
    redrawn = client.post("/cards/verify", data={"card": svg.replace(">1,234<", ">9,999<")}).text
    assert "picture around them was changed" in redrawn and "1,234" in redrawn
    assert "no card of ours" in client.post("/cards/verify", data={"card": "<svg/>"}).text
    assert client.post("/cards/verify", data={"card": "  \x00"}).status_code == 422
    for hostile in (
        '<metadata id="answerback-card">' + "[" * 7000 + "</metadata>",
        "\x00" * 10 + "<svg/>",
        '<metadata id="answerback-card">{"facts":{"v":1},"signature":"x"}</metadata>',
    ):
        assert "no card of ours" in client.post("/cards/verify", data={"card": hostile}).text


@pytest.mark.usefixtures("bob_solves")
def test_the_operator_verifies_a_file(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "card.svg"
    file.write_text(client.get("/people/bob/card.svg").text, encoding="utf-8")
    good = app.test_cli_runner().invoke(args=["superfans", "verify-card", str(file)])
    assert good.exit_code == 0 and "Genuine." in good.output and "solutions\t1234" in good.output
    file.write_text(file.read_text(encoding="utf-8").replace("1234", "1235"), encoding="utf-8")
    assert app.test_cli_runner().invoke(args=["superfans", "verify-card", str(file)]).exit_code == 1


# Drawing


@pytest.mark.parametrize("name", [
    "<script>alert(1)</script>", 'A" onload="x', "&amp; ]]> <!--", "\u202egnp.exe", "\ufffe\x08x", "王" * 60, "W" * 60,
    "👩‍👩‍👧‍👦" * 20, "e\u0301" * 60, "محمد",
])  # fmt: skip
def test_whatever_somebody_is_called_the_card_is_whole_and_holds_no_code(
    client: FlaskClient, session: Session, cast: Cast, parts: QuietParts, name: str
) -> None:
    cast.bob.display_name = name[:60]
    session.commit()
    svg = client.get("/people/bob/card.svg").text
    tree = ET.fromstring(svg)
    kinds = {node.tag.removeprefix(SVG) for node in tree.iter()}
    assert kinds == {"svg", "title", "metadata", "rect", "text"}
    assert not any(key.lower().startswith("on") or "href" in key for node in tree.iter() for key in node.attrib)
    assert "http" not in re.sub(r'xmlns="[^"]*"|<metadata.*?</metadata>', "", svg)
    assert verify(svg, parts.card_signer, say).verdict == Verdict.GENUINE
    shown = texts(svg)[0]
    assert width_of(shown, 17) <= 392 and "\u202e" not in shown


def test_chinese_letters_are_measured_as_wide_as_they_are() -> None:
    assert width_of("王小明", 20) == 60
    assert 40 < width_of("Wilhelm", 17) < 75
    assert width_of("e\u0301", 20) == width_of("e", 20)
    assert fitted("王" * 60, 392, 24, 17) == ("王" * 22 + "…", 17)
    assert fitted("Ada", 392, 24, 17) == ("Ada", 24)


def test_the_code_to_embed_cannot_be_broken_out_of(client: FlaskClient, session: Session, cast: Cast) -> None:
    cast.bob.display_name = '](javascript:x) "><b>'
    session.commit()
    page = client.get("/people/bob/card").text
    assert "<b>" not in page.split("<main")[1].split("</main>")[0].replace("<b>@", "")
    assert "\\]\\(" in page or "\\](javascript" in page
    markdown = re.search(r'id="markdown"[^>]*>(.*?)</textarea>', page)
    assert markdown and markdown[1].count("](") == 2 + 1  # the third is behind a backslash


def test_members_find_their_card_from_their_profile(app: Flask, cast: Cast, sign_in_as: SignInAs) -> None:
    assert 'href="/people/ada/card"' in sign_in_as(app.test_client(), cast.ada).get("/people/ada").text
    assert "/card" not in app.test_client().get("/people/max").text.split("<main")[1]
