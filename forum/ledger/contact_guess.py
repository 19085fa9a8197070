"""A first plan for a file that nobody has explained yet: from its bytes, its head and its first rows. A person confirms it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from forum.ledger.contact_dates import guess_order
from forum.ledger.contact_keys import NOBODY, normal
from forum.ledger.contact_plan import Meaning, Plan
from forum.ledger.contact_rows import guess_channel
from forum.ledger.contact_text import first_bytes, guess_encoding, guess_separator, read_records

LOOKED_AT = 200  # rows


def guess_plan(body: bytes, zone: str) -> Plan:
    """`zone` is the company's: where a file's clocks hang nobody can tell from it."""
    sample = first_bytes(body)
    encoding = guess_encoding(sample)
    return explain(body, encoding, guess_separator(sample.decode(encoding, "replace")), zone)


def explain(body: bytes, encoding: str, separator: str, zone: str, has_head: bool | None = None) -> Plan:
    """What the columns mean, where encoding and separator are known."""
    rows = [record.cells for record in islice(read_records(body, encoding, separator), LOOKED_AT) if record.cells]
    rows = [cells for cells in rows if any(cells)]
    if not rows:
        return Plan(encoding=encoding, separator=separator, zone=zone)
    if has_head is None:
        has_head = _is_head(rows[0])
    names, data = (rows[0], rows[1:]) if has_head else ([""] * len(rows[0]), rows)
    columns = _by_name(names) if has_head else {}
    for meaning, place in _by_content(data, len(names), set(columns.values())).items():
        columns.setdefault(meaning, place)
    times = _column(data, columns.get(Meaning.HAPPENED_AT))
    return Plan(
        encoding=encoding,
        separator=separator,
        has_head=has_head,
        columns=columns,
        names=tuple(names),
        order=guess_order(times) or "",
        zone=zone,
        channel="" if Meaning.CHANNEL in columns else "phone",
    )


def _is_head(cells: Sequence[str]) -> bool:
    """A head has no mail address, no date and no number in it."""
    return not any("@" in cell or re.search(r"\d{3,}", cell) for cell in cells)


def _by_name(names: Sequence[str]) -> dict[str, int]:
    """The column whose name says most exactly what it is; each column once."""
    found: dict[str, int] = {}
    plain = [_bare(name) for name in names]
    for meaning, words in _NAMES.items():
        for word in words:
            places = [place for place, name in enumerate(plain) if name == word and place not in found.values()]
            if places:
                found[meaning] = places[0]
                break
    for meaning, words in _NAMES.items():  # then the one that merely holds the word
        if meaning not in found and meaning != Meaning.TIME:
            places = [
                place
                for place, name in enumerate(plain)
                if place not in found.values()
                and any(word in name for word in words if len(word) > 3 or not word.isascii())
            ]
            if places:
                found[meaning] = places[0]
    return found


def _by_content(rows: Sequence[Sequence[str]], width: int, taken: set[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place in range(width):
        cells = [cell for cell in _column(rows, place) if normal(cell) not in NOBODY]
        if place in taken or not cells:
            continue
        if _most(cells, lambda cell: "@" in cell):
            found.setdefault(Meaning.EMAIL, place)
        elif _most(cells, lambda cell: guess_order([cell]) is not None or bool(_DATE_LIKE.match(cell))):
            found.setdefault(Meaning.HAPPENED_AT, place)
        elif _most(cells, lambda cell: guess_channel(normal(cell)) is not None):
            found.setdefault(Meaning.CHANNEL, place)
    return found


def _column(rows: Sequence[Sequence[str]], place: int | None) -> list[str]:
    return [] if place is None else [cells[place] for cells in rows if place < len(cells) and cells[place]]


def _most(cells: Sequence[str], is_so: object) -> bool:
    assert callable(is_so)
    return sum(bool(is_so(cell)) for cell in cells) * 10 >= len(cells) * 8


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", normal(name))


_DATE_LIKE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}")
# In the order in which they are believed; without spaces, hyphens and underscores, as `_bare` leaves a name.
_NAMES: Mapping[str, tuple[str, ...]] = {
    Meaning.EMAIL: (
        "email", "emailaddress", "mail", "mailaddress", "customeremail", "contactemail", "emailadresse",
        "邮箱", "电子邮箱", "邮件地址", "电子邮件", "客户邮箱", "信箱", "電子信箱", "電子郵件", "郵件地址", "客戶信箱",
    ),
    Meaning.CUSTOMER: (
        "customernumber", "customerid", "customerno", "customer", "accountnumber", "accountid", "clientid", "memberid",
        "kundennummer", "kundennr", "客户编号", "客户号", "客户id", "会员号", "会员编号", "客户", "用户id",
        "客戶編號", "客戶號", "客戶代號", "會員編號", "客戶", "用戶id",
    ),
    Meaning.CHANNEL: (
        "channel", "contactchannel", "mediatype", "media", "channeltype", "contacttype", "origin", "kanal", "medium",
        "渠道", "联系渠道", "接触渠道", "渠道类型", "管道", "渠道類型", "聯絡管道", "媒介",
    ),
    Meaning.ID: (
        "contactid", "id", "ticketid", "ticketnumber", "ticket", "caseid", "casenumber", "interactionid", "callid",
        "conversationid", "number", "no", "nr", "vorgang", "vorgangsnummer", "ticketnr",
        "编号", "工单编号", "工单号", "单号", "联系编号", "通话编号", "流水号", "編號", "工單編號", "工單號", "案件編號", "流水號",
    ),
    Meaning.HAPPENED_AT: (
        "happenedat", "datetime", "timestamp", "startedat", "starttime", "start", "createdat", "created", "contactedat",
        "openedat", "calldate", "contactdate", "date", "day", "datum", "zeitpunkt", "beginn", "erstelltam",
        "时间", "联系时间", "开始时间", "创建时间", "来电时间", "通话时间", "日期", "发生时间",
        "時間", "聯絡時間", "開始時間", "建立時間", "來電時間", "通話時間", "發生時間",
    ),
    Meaning.TIME: ("time", "timeofday", "calltime", "uhrzeit", "zeit", "时刻", "時刻"),
}  # fmt: skip
