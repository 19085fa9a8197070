"""Who reads a page: an account, or a hash of address and browser under the week's salt. No cookie, and neither is kept."""

from __future__ import annotations

import hmac
from ipaddress import IPv6Address, ip_address
from ipaddress import ip_network as network_of

from flask import request

from forum.ledger.viewing import Reader, is_drawn, week_of
from forum.people.roles import Role
from forum.web.context import now, parts, viewer
from forum.wiring.salts import Salt


def reader_at_hand() -> Reader | None:
    """From what this process remembers, for a page: no query, no Redis. None until a view reached this process this week."""
    return _reader(parts().salts.held(week_of(now(), parts().settings.time_zone)))


def known_reader() -> Reader | None:
    """Asks Redis for the week's salt where this process has not seen it. None: there is none, or Redis is gone."""
    return _reader(parts().salts.known(week_of(now(), parts().settings.time_zone)))


def counted_reader() -> Reader | None:
    """Makes the week's salt where there is none. To be called before the request's own session writes."""
    at = now()
    return _reader(parts().salts.of(week_of(at, parts().settings.time_zone), at))


def _reader(salt: Salt | None) -> Reader | None:
    """Signed in or not, without a salt nobody is known: what cannot be counted is not asked either."""
    if salt is None:
        return None
    account, settings = viewer(), parts().settings
    key = f"a:{account.id}" if account else _hash(salt)
    share = settings.survey_share * 100
    return Reader(
        week=salt.week,
        key=key,
        account_id=account.id if account else None,
        by_staff=account is not None and account.role != Role.CUSTOMER,
        salt_number=1 if account else salt.number,
        drawn=is_drawn(settings.secret_key, salt.week, key, share),
        draw_share=share,
    )


def _hash(salt: Salt) -> str:
    said = f"{_place(request.remote_addr or '')}\n{request.user_agent.string}"
    return hmac.digest(salt.secret, said.encode(), "sha256").hex()


def _place(address: str) -> str:
    """An IPv6 host changes the lower half of its address as it likes, so the network stands for it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(network_of((int(parsed), 64), strict=False))
    return str(parsed)
