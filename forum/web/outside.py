"""What composing a reply needs from outside the database, for pages that show it before it goes."""

from __future__ import annotations

from flask import current_app

from forum.actions.mirror_answer import Outside
from forum.actions.open_network import Opener
from forum.kernel.clock import utc_now
from forum.web.context import parts
from forum.wiring.translator import say


def outside() -> Outside:
    """Opened networks are kept for the life of the process, as in workers."""
    opener = current_app.extensions.get("opener")
    if opener is None:
        opener = current_app.extensions["opener"] = Opener(parts().networks, parts().seal)
    settings = parts().settings
    return Outside(opener, say, settings.public_url, settings.site_name, utc_now)
