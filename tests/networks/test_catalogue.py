"""The kinds of network that can be connected, ours and third parties', and how each is opened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from forum.networks.catalogue import BUILT_IN, Catalogue
from forum.networks.port import NetworkError

ROOT = Path(__file__).parents[2]
PLUGIN = """
from datetime import timedelta
from forum.kernel.messages import Message
from forum.networks.catalogue import Field, NetworkKind, Plugin

class Pigeon:
    def __init__(self, settings, secrets):
        self.settings, self.secrets = settings, secrets

kind = NetworkKind("pigeon", "Pigeon post", (Field("loft", Message("Loft")),), timedelta(hours=1))
plugin = Plugin(kind, Pigeon)
"""


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(["localhost:2583"], sessionmaker(create_engine("sqlite://")), "http://forum.example")


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, *points: str) -> None:
    """Puts a distribution with these entry points on the path, as pip would."""
    (folder / "pigeon_network.py").write_text(PLUGIN)
    made = folder / "pigeon_network-1.dist-info"
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon-network\nVersion: 1\n")
    (made / "entry_points.txt").write_text("\n".join(["[answerback.networks]", *points, ""]))
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "pigeon_network", raising=False)


def test_each_built_in_kind_opens_with_what_its_form_asks_for(catalogue: Catalogue) -> None:
    for kind in BUILT_IN:
        settings = {field.name: field.default or "routerly" for field in kind.settings()}
        secrets = {field.name: "secret" for field in kind.secrets()}
        network = catalogue.open(kind.name, settings, secrets)
        assert network.limits().maximum > 0


def test_a_kind_names_its_fields_once_and_its_secrets_apart() -> None:
    for kind in BUILT_IN:
        names = [field.name for field in kind.credentials]
        assert len(names) == len(set(names))
        assert {field.name for field in (*kind.settings(), *kind.secrets())} == set(names)
        for field in kind.credentials:
            assert not field.choices or field.default in dict(field.choices)
    assert {kind.name: [field.name for field in kind.secrets()] for kind in BUILT_IN} == {
        "sandbox": [],
        "bluesky": ["app_password"],
        "x": ["api_key", "api_key_secret", "access_token", "access_token_secret"],
    }


def test_an_unknown_kind_is_refused_for_good(catalogue: Catalogue) -> None:
    with pytest.raises(NetworkError) as refused:
        catalogue.open("pinterest", {}, {})
    assert refused.value.permanent
    assert catalogue.kind("pinterest") is None


def test_a_third_party_adds_its_network(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "pigeon = pigeon_network:plugin")
    assert [kind.name for kind in catalogue.kinds()] == ["sandbox", "bluesky", "x", "pigeon"]
    network = catalogue.open("pigeon", {"loft": "north"}, {"ring": "7"})
    assert vars(network) == {"settings": {"loft": "north"}, "secrets": {"ring": "7"}}


def test_a_third_party_cannot_take_a_name_of_ours(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "x = pigeon_network:plugin")
    assert [kind.title for kind in catalogue.kinds()] == ["Sandbox", "Bluesky", "X"]
    assert (
        type(
            catalogue.open(
                "x", {}, dict.fromkeys(["api_key", "api_key_secret", "access_token", "access_token_secret"], "s")
            )
        ).__name__
        == "XNetwork"
    )


@pytest.mark.parametrize("target", ["no_such_module:plugin", "pigeon_network:nothing", "pigeon_network:kind"])
def test_a_broken_plug_in_harms_no_other(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    install(tmp_path, monkeypatch, f"broken = {target}", "pigeon = pigeon_network:plugin")
    assert [kind.name for kind in catalogue.kinds()][3:] == ["pigeon"]
    with pytest.raises(NetworkError) as refused:
        catalogue.open("broken", {}, {})
    assert refused.value.permanent
    assert "broken" in refused.value.words


def test_no_sdk_is_imported_before_a_connection_is_opened() -> None:
    program = "import sys, forum.networks.catalogue; print([name for name in ('tweepy', 'atproto', 'requests') if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"
