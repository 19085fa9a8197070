"""No character of a report is lost: each has a font, or a sign that stands for it and is counted."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from forum.exports.faces import CHINESE, REPLACEMENT, Face, Faces, _built_in, _in_helvetica, faces_for
from forum.exports.pdf import pdf_of
from tests.exports.made_report import made_edition, made_report

TEXT = "我的 Wi-Fi 每晚斷線 – €12.30, ひらがな 한국어"


def built_in(language: str) -> Faces:
    """As on a machine without any font for it."""
    return Faces((Face("Helvetica", "Helvetica-Bold", _in_helvetica), *_built_in(language)))


def drawn(faces: Faces, text: str) -> bytes:
    file, x = BytesIO(), 50.0
    canvas = Canvas(file, invariant=1)
    for run in faces.runs(text):
        canvas.setFont(run.font, 14)
        canvas.drawString(x, 700, run.text)
        x += canvas.stringWidth(run.text, run.font, 14)
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_without_any_font_the_readers_own_carry_chinese(language: str, tmp_path: Path) -> None:
    faces = built_in(language)
    content = drawn(faces, TEXT)
    assert not faces.missing and "".join(run.text for run in faces.runs(TEXT)) == TEXT
    words = "".join(PdfReader(BytesIO(content)).pages[0].extract_text().split())
    assert words == "".join(TEXT.split())
    if shutil.which("pdftoppm"):  # a reader that knows these fonts must know the encodings that we name
        (tmp_path / "x.pdf").write_bytes(content)
        done = subprocess.run(["pdftoppm", "-r", "20", "-png", "x.pdf", "x"], cwd=tmp_path, capture_output=True, text=True, check=True)  # fmt: skip
        assert "Couldn't find" not in done.stderr and "Unknown" not in done.stderr


def test_what_no_font_has_is_seen_and_counted() -> None:
    faces = built_in("en")
    assert "".join(run.text for run in faces.runs("a\U00013000b\U00013000")) == f"a{REPLACEMENT}b{REPLACEMENT}"
    assert faces.missing == {"\U00013000"}


def test_signs_without_a_mark_of_their_own_leave_none() -> None:
    faces = built_in("en")
    assert "".join(run.text for run in faces.runs("a\u200d\ufe0f\u202eb\u2212c\u202fd")) == "ab-c\u00a0d"
    assert not faces.missing


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    wrong = tmp_path / "wrong.ttf"
    wrong.write_bytes(b"no font at all")
    assert faces_for("en", wrong).runs("a")[0].font == "Helvetica"
    assert "cannot be used for reports" in caplog.text


@pytest.mark.skipif(not Path(CHINESE[0]).exists(), reason="fonts-wqy-microhei is not installed")
def test_a_font_of_the_operators_own_comes_first() -> None:
    assert faces_for("zh_Hans", Path(CHINESE[0])).runs("每")[0].font.startswith("wqy-microhei")


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_the_same_edition_makes_the_same_bytes(language: str) -> None:
    assert pdf_of(made_edition(language)) == pdf_of(made_edition(language))


def test_long_tables_break_over_pages_and_say_their_heads_again() -> None:
    pages = PdfReader(BytesIO(pdf_of(made_edition("en", made_report(boards=200))))).pages
    words = [page.extract_text() for page in pages]
    with_boards = [text for text in words if "Board 1" in text]
    assert len(with_boards) > 2 and all("Saved, likely" in text for text in with_boards)
    assert all(f"{number} of {len(words)}" in text for number, text in enumerate(words, start=1))


def test_markup_in_a_title_is_shown_as_it_is_written() -> None:
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf_of(made_edition()))).pages)
    assert "<b>" in words and "</b>" in words and "& why" in words
