"""How gunicorn serves the pages, for `make run` and for `gunicorn -c python:workers.gunicorn_settings wsgi:app`."""

from __future__ import annotations

import gc
import os
from typing import Any

from forum.kernel.settings import Settings
from workers.lifeline import die_with_parent

_settings = Settings.from_environment(os.environ)

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
preload_app = True  # imported once, then shared by all workers
timeout = 60
graceful_timeout = 20
keepalive = 5
loglevel = (
    "warning" if _settings.log_level == "info" else _settings.log_level
)  # its start and stop lines are ours to say
control_socket_disable = True
forwarded_allow_ips = ""  # the application reads the proxies' headers, by TRUST_PROXY


def when_ready(server: Any) -> None:  # noqa: ARG001  gunicorn passes it by name
    """What the application is made of stays as long as it runs: nobody need look through it for rubbish in mid-page."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001  gunicorn passes both by name
    die_with_parent(server.pid)
