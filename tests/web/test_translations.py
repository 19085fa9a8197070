"""Both Chinese catalogues are whole, fit their English sentences, and reach pages and workers."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from forum.kernel.messages import Message as Sentence
from forum.wiring.translator import say
from workers.setup import compile_translations

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "forum" / "web" / "translations"
LOCALES = ("zh_Hans", "zh_Hant")

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z]+")
# Names, and what a reader has to find or type in just these letters.
NAMES = {
    "Bluesky", "Markdown", "API", "Secret", "handle", "Keys", "and", "tokens", "OR", "router", "routerly", "ly", "brand",
    "bsky", "social", "https", "Wilson", "sample", "accounts", "txt", "CSV", "XLSX", "PDF", "ID", "URL", "FAQ",
    "Authorization", "Bearer", "Berlin", "Big", "EUR", "Europe", "Former", "GB", "JSON", "MB", "SHA", "USD", "UTC", "Windows",
    "chat", "docs", "email", "finance", "from", "genesys", "gzip", "md", "member", "network", "phone", "store", "until", "Tab", "recompute", "ROI",
    "Stack", "Exchange", "solutions", "days", "billing", "zh", "lang", "dark", "Hant", "Hans", "theme", "Ed",
}  # fmt: skip

# GB 2312 holds no traditional form and Big5 no simplified one, but for a few that also write another, rarer word there.
ENCODINGS = {"zh_Hans": "gb2312", "zh_Hant": "big5"}
ALSO_SIMPLIFIED = set("后里几于云并采复种征党郁")
# What the mainland says and Taiwan does not.
MAINLAND_WORDS = (
    "網絡", "軟件", "服務器", "賬", "用戶", "信息", "默認", "鏈接", "保存", "搜索", "設置", "登陸", "退出登", "視頻", "打印", "登錄",
    "字符", "郵箱", "粘貼", "支持", "程序", "添加", "創建", "渠道", "屏幕", "帖子", "回復", "社區", "鼠標",
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    compile_translations()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the source says now, gathered as `make translations` gathers it."""
    path = tmp_path_factory.mktemp("extracted") / "messages.pot"
    options = re.search(r"^EXTRACTION := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert options
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "--quiet",
        "extract",
        *options[1].split(),
        "-o",
        str(path),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return read(path)


@pytest.fixture(scope="module", params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(locale: str) -> Catalog:
    return read(TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po", locale)


def read(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def sentences(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def english(message: Message) -> str:
    """The sentence; of two forms the one for many, which has every parameter."""
    return str(message.id if isinstance(message.id, str) else message.id[-1])


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def chinese(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each sentence with each form of its translation."""
    return ((english(message), form) for message in sentences(catalogue) for form in forms(message))


# The catalogues


def test_nothing_that_is_said_is_missing_and_nothing_stands_that_is_said_no_more(
    said: Catalog, catalogue: Catalog
) -> None:
    wanted, there = ({english(message) for message in sentences(one)} for one in (said, catalogue))
    assert sorted(wanted - there) == [], "run make translations, then translate these"
    assert sorted(there - wanted) == [], "run make translations"
    assert not catalogue.obsolete


def test_every_sentence_is_translated(catalogue: Catalog) -> None:
    assert [message.id for message in sentences(catalogue) if not all(forms(message)) or message.fuzzy] == []


def test_a_sentence_with_a_number_has_the_one_form_of_chinese(said: Catalog, catalogue: Catalog) -> None:
    assert catalogue.num_plurals == 1
    counted = {english(message): message for message in sentences(said) if message.pluralizable}
    assert counted
    assert [words for words in counted if len(forms(catalogue[counted[words].id])) != 1] == []


def test_parameters_are_those_of_the_english_sentence(catalogue: Catalog) -> None:
    wrong = [pair for pair in chinese(catalogue) if parameters(pair[0]) != parameters(pair[1])]
    assert wrong == []


def parameters(words: str) -> Counter[str]:
    return Counter([*PLACEHOLDER.findall(words), *re.findall("%%", words)])


def test_no_per_cent_sign_stands_alone_beside_parameters(catalogue: Catalog) -> None:
    for source, words in chinese(catalogue):
        if PLACEHOLDER.search(source):
            assert "%" not in PLACEHOLDER.sub("", words).replace("%%", ""), words


def test_no_english_is_left(catalogue: Catalog) -> None:
    left = [
        words for _source, words in chinese(catalogue) if set(LATIN_WORD.findall(PLACEHOLDER.sub("", words))) - NAMES
    ]
    assert left == []


def test_every_translation_is_in_chinese_unless_it_only_puts_figures_together(catalogue: Catalog) -> None:
    bare = [words for _source, words in chinese(catalogue) if not CHINESE.search(words)]
    assert [words for words in bare if re.search(r"\w", PLACEHOLDER.sub("", words).replace("95%%", ""))] == []


def test_punctuation_beside_chinese_is_chinese(catalogue: Catalog) -> None:
    wrong = re.compile(
        r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)|[\u4e00-\u9fff] ?\(|\) ?[\u4e00-\u9fff]"
    )
    assert [words for _source, words in chinese(catalogue) if wrong.search(PLACEHOLDER.sub("甲", words))] == []


def test_each_catalogue_keeps_to_its_own_characters(locale: str, catalogue: Catalog) -> None:
    foreign = {words: strange for _source, words in chinese(catalogue) if (strange := not_of(locale, words))}
    assert foreign == {}


def not_of(locale: str, words: str) -> set[str]:
    """The characters of the other script."""
    if locale == "zh_Hant" and ALSO_SIMPLIFIED & set(words):
        return ALSO_SIMPLIFIED & set(words)
    return {sign for sign in words if not sign.encode(ENCODINGS[locale], "ignore")}


def test_the_traditional_catalogue_speaks_as_taiwan_does() -> None:
    found = read(TRANSLATIONS / "zh_Hant" / "LC_MESSAGES" / "messages.po", "zh_Hant")
    assert [words for _source, words in chinese(found) if any(word in words for word in MAINLAND_WORDS)] == []


def test_the_catalogue_says_nothing_of_who_or_where_it_was_made(locale: str) -> None:
    text = (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    head = text.partition("\n\n")[0]
    assert not re.search(r"EMAIL|FULL NAME|@|FIRST AUTHOR", head)
    assert "\n#: " not in text


def test_it_compiles(catalogue: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "messages.mo"
    with path.open("wb") as file:
        write_mo(file, catalogue)
    with path.open("rb") as file:
        assert GNUTranslations(file).gettext("Sign in") in {"登录", "登入"}
    assert [error for _message, errors in catalogue.check() for error in errors] == []


# The sentences in the source


def test_each_way_to_say_something_is_found(said: Catalog) -> None:
    there = {english(message) for message in sentences(said)}
    assert "%(name)s, superfan at %(site)s" in there  # a Message with parameters
    assert (
        "Made under Settings, Privacy and security, App passwords; never the account's own password." in there
    )  # a field's
    assert any(words.startswith("Hello %(name)s,\n\nsomebody") for words in there)  # put together of several lines
    assert "%(num)s replies" in there  # a number in a template
    assert "Bluesky lets automated accounts answer only people who turned to them, and @%(handle)s did not." in there


def test_every_sentence_stands_where_it_is_said() -> None:
    """A sentence from a variable or an f-string would never be gathered, and so never be translated."""
    loose = [place for path in python_files() for place in loose_calls(path)]
    loose += [
        f"{path.relative_to(ROOT)}: {found}"
        for path in (ROOT / "templates").rglob("*.html")
        for found in re.findall(r"\b(?:_|ngettext|gettext)\((?![\"'])[^)]*", path.read_text(encoding="utf-8"))
    ]
    assert loose == []


def python_files() -> Iterator[Path]:
    return (path for room in ("forum", "workers") for path in (ROOT / room).rglob("*.py"))


def loose_calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        counted = {"Message": 1, "_": 1, "ngettext": 2}.get(node.func.id, 0)
        for words in node.args[:counted]:
            known = (
                isinstance(words, ast.Attribute) and words.attr == "text"
            )  # of a Message, which has a literal itself
            if not known and not (isinstance(words, ast.Constant) and isinstance(words.value, str)):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


# What readers see


@pytest.mark.parametrize(
    ("accept", "lang", "words"),
    [("zh-TW", "zh-Hant", ("登入", "註冊", "發問或搜尋", "版塊")), ("zh-CN", "zh-Hans", ("登录", "注册", "提问或搜索", "版块")),
     ("en", "en", ("Sign in", "Sign up", "Ask or search", "Boards"))],
)  # fmt: skip
def test_the_front_page_speaks_the_readers_language(
    client: FlaskClient, accept: str, lang: str, words: tuple[str, ...]
) -> None:
    page = client.get("/", headers={"Accept-Language": accept})
    assert page.status_code == 200
    assert f'<html lang="{lang}"' in page.text
    for word in words:
        assert word in page.text


@pytest.mark.parametrize(("accept", "words"), [("zh-TW", "沒有這個頁面"), ("zh", "没有这个页面")])
def test_an_error_speaks_the_readers_language(client: FlaskClient, accept: str, words: str) -> None:
    assert words in client.get("/no-such-page", headers={"Accept-Language": accept}).text


@pytest.mark.parametrize(("accept", "words"), [("zh-TW", "使用者名稱和密碼不相符。"), ("zh", "用户名和密码不匹配。")])
def test_a_rule_that_is_broken_says_so_in_the_readers_language(client: FlaskClient, accept: str, words: str) -> None:
    form = {"name": "nobody", "password": "nothing at all"}
    assert words in client.post("/sign-in", data=form, headers={"Accept-Language": accept}).text


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hans", "小林，锐达 超级粉丝"), ("zh", "小林，锐达 超级粉丝"), ("zh-Hant", "小林，锐达 超級粉絲"), ("zh-TW", "小林，锐达 超級粉絲"),
     ("en", "小林, superfan at 锐达"), ("fr", "小林, superfan at 锐达"), (None, "小林, superfan at 锐达")],
)  # fmt: skip
def test_a_worker_credits_a_superfan_in_the_language_of_the_mention(language: str | None, words: str) -> None:
    assert say(Sentence("%(name)s, superfan at %(site)s", {"name": "小林", "site": "锐达"}), language) == words
