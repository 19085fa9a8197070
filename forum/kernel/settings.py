"""Every setting of the product: read from the environment once, typed, documented, refused in one sentence when wrong.

Standard library only, so that the supervisor can read settings before anything heavier is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from forum.kernel import settings_values as value_of
from forum.kernel.kept_keys import kept_key
from forum.kernel.settings_rule import RULE, Described, Earlier, Rule, nothing, own_address, setting
from forum.kernel.settings_values import WrongValueError, is_loopback


class SettingsError(Exception):
    """A setting is wrong; the message is one sentence that names its variable and holds no secret."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one installation. Whatever may hold a password is left out of repr."""

    host: str = field(
        metadata=setting("HOST", "127.0.0.1", "The address that the web server listens on.", value_of.host)
    )
    port: int = field(
        metadata=setting("PORT", "8000", "The port that the web server listens on.", value_of.whole_number(1, 65535))
    )
    data_dir: Path = field(
        metadata=setting(
            "DATA_DIR",
            "./var",
            "The folder for everything that is kept: database, Redis, search index, keys, mail.",
            value_of.data_folder,
        )
    )
    database_url: str = field(
        repr=False,
        metadata=setting(
            "DATABASE_URL",
            "sqlite:///DATA_DIR/answerback.db",
            "The database: an SQLite file, or PostgreSQL as postgresql://user:password@host/database.",
            value_of.database_url,
            otherwise=lambda earlier: f"sqlite:///{earlier['data_dir']}/answerback.db",
        ),
    )
    redis_url: str | None = field(
        repr=False,
        metadata=setting(
            "REDIS_URL",
            "an embedded Redis on a socket in DATA_DIR",
            "The Redis or Valkey for jobs, rate limits and sealed network sign-ins.",
            value_of.redis_url,
            otherwise=nothing,
        ),
    )
    sample: bool = field(
        metadata=setting(
            "SAMPLE",
            "yes",
            "Whether to start with the sample community; yes is refused where others than this machine could reach it.",
            value_of.yes_or_no,
        )
    )
    secret_key: str = field(
        repr=False,
        metadata=setting(
            "SECRET_KEY",
            "made and kept in DATA_DIR/secret.key",
            "Signs sessions and links in mails; at least 32 characters.",
            value_of.signing_key,
            otherwise=lambda earlier: value_of.signing_key(kept_key(earlier["data_dir"] / "secret.key")),
        ),
    )
    credentials_key: str = field(
        repr=False,
        metadata=setting(
            "CREDENTIALS_KEY",
            "made and kept in DATA_DIR/credentials.key",
            "Encrypts the credentials of connected networks in the database: a Fernet key.",
            value_of.fernet_key,
            otherwise=lambda earlier: value_of.fernet_key(kept_key(earlier["data_dir"] / "credentials.key")),
        ),
    )
    card_key: str = field(
        repr=False,
        metadata=setting(
            "CARD_KEY",
            "made and kept in DATA_DIR/card.key",
            "Signs the cards that members embed elsewhere (Ed25519): 32 random bytes in URL-safe base64.",
            value_of.card_key,
            otherwise=lambda earlier: value_of.card_key(kept_key(earlier["data_dir"] / "card.key")),
        ),
    )
    public_url: str = field(
        metadata=setting(
            "PUBLIC_URL",
            "http://HOST:PORT",
            "The address that people use; links in mails and replies begin with it, and https makes cookies secure.",
            value_of.public_url,
            otherwise=own_address,
        )
    )
    site_name: str = field(
        metadata=setting(
            "SITE_NAME",
            "Answerback, or the sample's own name",
            "The name of the community, in titles and mails.",
            value_of.one_line,
            otherwise=lambda earlier: "Routerly Community" if earlier["sample"] else "Answerback",
        )
    )
    smtp_url: str | None = field(
        repr=False,
        metadata=setting(
            "SMTP_URL",
            "none: mails are written to DATA_DIR/mail",
            "The mail server, as smtp://user:password@host:587 (STARTTLS where offered) or smtps://user:password@host:465.",
            value_of.smtp_url,
            otherwise=nothing,
        ),
    )
    mail_from: str = field(
        metadata=setting(
            "MAIL_FROM",
            "answerback@ the host of PUBLIC_URL",
            "The sender of mails.",
            value_of.mail_address,
            otherwise=lambda earlier: f"answerback@{urlsplit(earlier['public_url']).hostname}",
        )
    )
    allow_private_hosts: tuple[str, ...] = field(
        metadata=setting(
            "ALLOW_PRIVATE_HOSTS",
            "",
            "host:port pairs, with commas, that outgoing requests may reach though their address is private.",
            value_of.hosts_with_ports,
        )
    )
    time_zone: ZoneInfo = field(
        metadata=setting(
            "TIME_ZONE", "UTC", "The company's time zone, in which reports cut days and months.", value_of.time_zone
        )
    )
    currency: str = field(
        metadata=setting(
            "CURRENCY", "EUR", "The currency of costs in reports, by its ISO 4217 code.", value_of.currency
        )
    )
    web_workers: int = field(
        metadata=setting("WEB_WORKERS", "2", "Web server processes.", value_of.whole_number(1, 64))
    )
    web_threads: int = field(
        metadata=setting("WEB_THREADS", "4", "Threads in each web server process.", value_of.whole_number(1, 64))
    )
    job_workers: int = field(
        metadata=setting("JOB_WORKERS", "2", "Processes that work on background jobs.", value_of.whole_number(1, 64))
    )
    languages: tuple[str, ...] = field(
        metadata=setting(
            "LANGUAGES",
            "en,zh_Hans,zh_Hant",
            "The languages on offer; the first is the one for everybody else.",
            value_of.languages,
        )
    )
    deflection_days: int = field(
        metadata=setting(
            "DEFLECTION_DAYS",
            "7",
            "Days that a solved thread's claim waits before it counts as a deflected contact.",
            value_of.whole_number(0, 365),
        )
    )
    survey_share: int = field(
        metadata=setting(
            "SURVEY_SHARE",
            "10",
            "Percent of readers, drawn anew each week, whom a solved thread asks whether it helped; 0 asks nobody.",
            value_of.whole_number(0, 100),
        )
    )
    contacts_folder: Path | None = field(
        metadata=setting(
            "CONTACTS_FOLDER",
            "none: contacts come by upload and by the API",
            "A folder into which other systems put contact files; it is looked into every night.",
            value_of.existing_folder,
            otherwise=nothing,
        )
    )
    report_font: Path | None = field(
        metadata=setting(
            "REPORT_FONT",
            "found on the machine, else the PDF reader's own",
            "A TrueType font file (.ttf, .ttc) that shows Chinese, Japanese and Korean in PDF reports.",
            value_of.existing_file,
            otherwise=nothing,
        )
    )
    suggestions_held_out: int = field(
        metadata=setting(
            "SUGGESTIONS_HELD_OUT",
            "0",
            "Percent of people, drawn anew each day, who see no similar questions while asking, to measure what those save.",
            value_of.whole_number(0, 50),
        )
    )
    trust_proxy: int = field(
        metadata=setting(
            "TRUST_PROXY",
            "0",
            "How many proxies in front of the web server set X-Forwarded-For, -Proto and -Host.",
            value_of.whole_number(0, 10),
        )
    )
    log_level: str = field(
        metadata=setting(
            "LOG_LEVEL", "info", "The least serious log lines shown: debug, info, warning, error.", value_of.log_level
        )
    )
    session_days: int = field(
        metadata=setting("SESSION_DAYS", "30", "Days after which a sign-in ends.", value_of.whole_number(1, 3650))
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read all settings; an empty variable counts as unset. Makes the kept keys where they are absent.

        Raises SettingsError with one sentence for the first setting that is wrong.
        """
        values: dict[str, Any] = {}
        for one in fields(cls):
            values[one.name] = _value(one.metadata[RULE], environ, values)
            if one.name == "sample":
                _refuse_sample_in_public(values, environ)
        return cls(**values)

    @property
    def secure_cookies(self) -> bool:
        """Browsers send cookies back over https alone."""
        return self.public_url.startswith("https://")

    @property
    def redis_folder(self) -> Path:
        """Where the embedded Redis keeps its data and its socket."""
        return self.data_dir / "redis"

    @property
    def redis_address(self) -> str:
        """What a client connects to, be the Redis embedded or not."""
        return self.redis_url or f"unix://{self.redis_folder / 'redis.sock'}"

    @property
    def mail_folder(self) -> Path:
        """Where mails are written while there is no SMTP_URL."""
        return self.data_dir / "mail"

    @property
    def sample_accounts_file(self) -> Path:
        """The accounts of the sample community with their passwords; its owner alone can read it."""
        return self.data_dir / "sample-accounts.txt"


def described_settings() -> Iterator[Described]:
    """One row for each setting, in the order of the class; docs/settings.md lists these."""
    for one in fields(Settings):
        rule: Rule = one.metadata[RULE]
        yield Described(rule.variable, rule.default, rule.sentence, secret=not one.repr)


def _value(rule: Rule, environ: Mapping[str, str], earlier: Earlier) -> object:
    given = environ.get(rule.variable, "").strip()
    try:
        if not given and rule.otherwise:
            return rule.otherwise(earlier)
        return rule.read(given or rule.default)
    except WrongValueError as wrong:
        raise SettingsError(f"{rule.variable} {wrong}.") from None
    except OSError as error:
        raise SettingsError(f"DATA_DIR ({earlier['data_dir']}) cannot be used: {error.strerror}.") from None


def _refuse_sample_in_public(values: Earlier, environ: Mapping[str, str]) -> None:
    """The sample's accounts are for one person trying things out, so nobody else may reach them."""
    public = urlsplit(environ.get("PUBLIC_URL", "").strip()).hostname
    if values["sample"] and not is_loopback(values["host"]):
        raise SettingsError(
            f"SAMPLE must be no when HOST is {values['host']}: the sample community listens on this machine only (127.0.0.1)."
        )
    if values["sample"] and public and not is_loopback(public):
        raise SettingsError(
            f"SAMPLE must be no when PUBLIC_URL names {public}: the sample community is for this machine only (127.0.0.1)."
        )
