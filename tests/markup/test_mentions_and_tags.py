"""@names and #tags: linked and counted where they are meant, and nowhere else."""

from __future__ import annotations

import pytest

from forum.markup.renderer import MarkdownMarkup

markup = MarkdownMarkup()
REL = 'rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ada", ("ada",)),
        ("Thanks @ada, @bob_smith_x and @c.d-e.", ("ada", "bob_smith_x", "c.d-e")),
        ("@bob then @ada then @bob", ("bob", "ada")),
        ("*@ada* **@bob** (@cleo)", ("ada", "bob", "cleo")),
        ("谢谢@小明 和 @李雷，@Ünal", ("小明", "李雷", "Ünal")),
        ("# @ada\n\n> @bob\n\n- @cleo\n\na|b\n-|-\n@dan|x", ("ada", "bob", "cleo", "dan")),
        ("mail ada@example.com or a.b@c.de", ()),
        ("`@ada` ```@ada```\n\n    @ada\n\n```\n@ada\n```", ()),
        ("[@ada](/x) [hi @ada](https://x.example) https://x.example/@ada", ()),
        ("@ada@social.example", ()),
        (r"\@ada", ()),
        ("@a", ()),
        ("@@ada", ()),
        ("@" + "a" * 30, ("a" * 30,)),
        ("@" + "a" * 31, ()),
        ("[x](/people/ada) <a class='mention' href='/people/ada'>x</a>", ()),
    ],
)
def test_mentions(text: str, names: tuple[str, ...]) -> None:
    assert markup.render(text).mentions == names


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#WiFi and #wifi and #mesh-2", ("wifi", "mesh-2")),
        ("#路由器 求助#固件更新", ("路由器", "固件更新")),
        ("#话题#内容", ("话题",)),
        ("#wifi\n#mesh", ("wifi", "mesh")),
        ("#123 #1", ()),
        ("#5ghz", ("5ghz",)),
        ("# Title\n\n## Title", ()),
        ("`#a1` [#b1](/x) https://x.example/#c1 a#d1 &#35;e1 ##f1", ()),
        (r"\#wifi", ()),
        ("#ÉTÉ", ("été",)),
    ],
)
def test_tags(text: str, tags: tuple[str, ...]) -> None:
    assert markup.render(text).tags == tags


def test_they_are_links_to_the_person_and_to_the_tag() -> None:
    assert markup.render("@Ada #WiFi").html == (
        f'<p><a class="mention" href="/people/Ada" {REL}>@Ada</a> <a class="tag" href="/tags/wifi" {REL}>#WiFi</a></p>'
    )
    assert 'href="/people/%E5%B0%8F%E6%98%8E"' in markup.render("@小明").html


def test_what_is_too_dear_to_parse_mentions_nobody() -> None:
    rendered = markup.render("[" * 5_000 + " @ada")
    assert rendered.mentions == ()
    assert rendered.plain.endswith("[ @ada")
