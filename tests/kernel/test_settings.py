"""Settings: defaults, every refusal in one sentence, kept keys, and that the documentation lists each one."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from forum.kernel.settings import Settings, SettingsError, described_settings

ROOT = Path(__file__).parents[2]


def read(tmp_path: Path, **given: str) -> Settings:
    return Settings.from_environment({"DATA_DIR": str(tmp_path), **given})


def test_nothing_has_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.sample) == ("127.0.0.1", 8000, True)
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/answerback.db"
    assert settings.redis_url is None
    assert settings.redis_address == f"unix://{tmp_path}/var/redis/redis.sock"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.mail_from == "answerback@127.0.0.1"
    assert settings.smtp_url is None
    assert settings.time_zone.key == "UTC"
    assert settings.languages == ("en", "zh_Hans", "zh_Hant")
    assert not settings.secure_cookies


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert read(tmp_path, PORT=" ", REDIS_URL="").port == 8000


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"PORT": "8080"}, "public_url", "http://127.0.0.1:8080"),
        ({"HOST": "::1"}, "public_url", "http://[::1]:8000"),
        ({"PUBLIC_URL": "https://forum.example.com/", "SAMPLE": "no"}, "public_url", "https://forum.example.com"),
        ({"PUBLIC_URL": "https://forum.example.com", "SAMPLE": "no"}, "mail_from", "answerback@forum.example.com"),
        ({"PUBLIC_URL": "https://forum.example.com", "SAMPLE": "no"}, "secure_cookies", True),
        ({"PUBLIC_URL": "HTTPS://forum.example.com", "SAMPLE": "no"}, "secure_cookies", True),
        ({"DATABASE_URL": "postgres://u:p@h/d"}, "database_url", "postgresql+psycopg://u:p@h/d"),
        ({"DATABASE_URL": "postgresql://u:p@h:5433/d?sslmode=require"}, "database_url", "postgresql+psycopg://u:p@h:5433/d?sslmode=require"),
        ({"DATABASE_URL": "postgresql+psycopg://h/d"}, "database_url", "postgresql+psycopg://h/d"),
        ({"DATABASE_URL": "sqlite:////srv/a.db"}, "database_url", "sqlite:////srv/a.db"),
        ({"REDIS_URL": "unix:///run/r.sock?db=1"}, "redis_address", "unix:///run/r.sock?db=1"),
        ({"ALLOW_PRIVATE_HOSTS": "LocalHost:2583, [::1]:80"}, "allow_private_hosts", ("localhost:2583", "[::1]:80")),
        ({"LANGUAGES": "zh_Hant, en,en"}, "languages", ("zh_Hant", "en")),
        ({"LOG_LEVEL": "Warning"}, "log_level", "warning"),
        ({"MAIL_FROM": "The Forum <forum@example.com>"}, "mail_from", "The Forum <forum@example.com>"),
        ({"DEFLECTION_DAYS": "0"}, "deflection_days", 0),
    ],
)  # fmt: skip
def test_a_setting_is_read(tmp_path: Path, given: dict[str, str], field: str, value: object) -> None:
    assert getattr(read(tmp_path, **given), field) == value


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("HOST", "http://127.0.0.1"), ("PORT", "0"), ("PORT", "65536"), ("PORT", "80a"), ("PORT", "٨٠"), ("PORT", "-1"),
        ("DATABASE_URL", "mysql://h/d"), ("DATABASE_URL", "sqlite://"), ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://h"), ("DATABASE_URL", "postgresql://[h/d"), ("DATABASE_URL", "postgresql://h:x/d"),
        ("REDIS_URL", "localhost:6379"), ("REDIS_URL", "http://localhost"), ("REDIS_URL", "unix://"),
        ("SAMPLE", "maybe"), ("SECRET_KEY", "short"), ("CREDENTIALS_KEY", "no key"), ("CREDENTIALS_KEY", "é" * 44),
        ("PUBLIC_URL", "forum.example.com"), ("PUBLIC_URL", "https://h/path"), ("PUBLIC_URL", "ftp://h"),
        ("SITE_NAME", "two\nlines"), ("SMTP_URL", "mail.example.com:25"), ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b>\nBcc: x@y"), ("ALLOW_PRIVATE_HOSTS", "localhost"), ("TIME_ZONE", "Berlin"),
        ("TIME_ZONE", "../../etc/passwd"), ("CURRENCY", "euro"), ("WEB_WORKERS", "0"), ("WEB_THREADS", "many"),
        ("JOB_WORKERS", "0"), ("LANGUAGES", "tlh"), ("LANGUAGES", ","), ("DEFLECTION_DAYS", "-1"), ("TRUST_PROXY", "yes"),
        ("LOG_LEVEL", "loud"), ("SESSION_DAYS", "0"), ("CONTACTS_FOLDER", "/no/such/folder"), ("REPORT_FONT", "/no/such/font.ttf"),
        ("DATA_DIR", "/" + "x" * 100),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_in_one_sentence_that_names_it(tmp_path: Path, variable: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"DATA_DIR": str(tmp_path), "SAMPLE": "no", variable: wrong})
    sentence = str(refused.value)
    assert sentence.startswith(f"{variable} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("variable", ["SECRET_KEY", "CREDENTIALS_KEY", "DATABASE_URL", "REDIS_URL", "SMTP_URL"])
def test_no_secret_is_repeated_in_an_error(tmp_path: Path, variable: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, **{variable: "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_no_secret_stands_in_repr(tmp_path: Path) -> None:
    given = {
        "SECRET_KEY": "hunter2" * 5,
        "DATABASE_URL": "postgresql://u:hunter2@h/d",
        "REDIS_URL": "redis://u:hunter2@h/0",
        "SMTP_URL": "smtp://u:hunter2@h",
    }
    settings = read(tmp_path, **given)
    assert "hunter2" not in repr(settings)
    assert settings.credentials_key not in repr(settings)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "forum.example.com"])
def test_the_sample_listens_on_loopback_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match=r"^SAMPLE must be no when HOST is"):
        read(tmp_path, HOST=host)
    assert read(tmp_path, HOST=host, SAMPLE="no").host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_the_sample_may_listen_on_any_loopback_address(tmp_path: Path, host: str) -> None:
    assert read(tmp_path, HOST=host).sample


def test_the_sample_is_refused_behind_a_public_address(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^SAMPLE must be no when PUBLIC_URL names"):
        read(tmp_path, PUBLIC_URL="https://forum.example.com")


@pytest.mark.parametrize(
    ("variable", "file"),
    [("SECRET_KEY", "secret.key"), ("CREDENTIALS_KEY", "credentials.key"), ("CARD_KEY", "card.key")],
)
def test_keys_are_made_once_and_kept_for_their_owner_alone(tmp_path: Path, variable: str, file: str) -> None:
    field = variable.lower()
    first = getattr(read(tmp_path), field)
    assert getattr(read(tmp_path), field) == first
    assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card.key", "credentials.key", "secret.key"]
    (tmp_path / file).chmod(0o640)
    with pytest.raises(SettingsError, match=f"^{variable} is kept in .* which others may read"):
        read(tmp_path)


def test_a_key_in_the_environment_leaves_no_file(tmp_path: Path) -> None:
    key = read(tmp_path / "other").credentials_key
    settings = read(tmp_path / "this", SECRET_KEY="s" * 32, CREDENTIALS_KEY=key, CARD_KEY=key)
    assert settings.credentials_key == key
    assert not (tmp_path / "this").exists()


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "credentials.key").write_text("")
    with pytest.raises(SettingsError, match=r"^CREDENTIALS_KEY must be a Fernet key"):
        read(tmp_path)


def test_a_data_dir_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^DATA_DIR \(.*\) cannot be used: Not a directory\.$"):
        read(tmp_path / "file" / "var")


def test_every_field_is_described_with_its_default() -> None:
    rows = list(described_settings())
    assert len({row.variable for row in rows}) == len(rows) == len(Settings.__dataclass_fields__)
    assert {row.variable.lower() for row in rows} == set(Settings.__dataclass_fields__)
    assert all(row.sentence.endswith(".") for row in rows)
    assert {row.variable for row in rows if row.secret} == {
        "CARD_KEY",
        "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CREDENTIALS_KEY", "SMTP_URL",
    }  # fmt: skip


def documented_rows() -> Mapping[str, str]:
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    return {line.split("`")[1]: line for line in lines if line.startswith("| `")}


def test_the_documentation_lists_every_setting_as_the_code_describes_it() -> None:
    documented = documented_rows()
    for row in described_settings():
        default = f"`{row.default}`" if row.default and " " not in row.default else row.default or "none"
        assert documented.get(row.variable) == f"| `{row.variable}` | {default} | {row.sentence} |"
    assert set(documented) == {row.variable for row in described_settings()}
