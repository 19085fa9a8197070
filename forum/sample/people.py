"""The people of the sample community: forty accounts, and the customers who post on the sandbox network. All invented."""

from __future__ import annotations

from typing import Literal

from forum.sample.content import SamplePerson, SandboxCustomer

Role = Literal["customer", "agent", "moderator", "finance", "admin"]


def _customer(handle: str, name: str, bio: str, days: int, language: str = "en") -> SamplePerson:
    return SamplePerson(handle, name, "customer", False, bio, language, days)


def _superfan(handle: str, name: str, bio: str, days: int, language: str = "en") -> SamplePerson:
    return SamplePerson(handle, name, "customer", True, bio, language, days)


def _staff(handle: str, name: str, role: Role, bio: str, days: int, language: str = "en") -> SamplePerson:
    return SamplePerson(handle, name, role, False, bio, language, days)


PEOPLE = (
    _superfan("radiowave", "radiowave", "Ham operator, two R7 Pros, too many antennas. Ask me about channels.", 910),
    _superfan("kerstin", "Kerstin", "Cabled a farmhouse by myself. Mesh, VLANs and patience.", 780),
    _superfan("patchpanel", "Devon O.", "School IT by day. I like tidy cables and tidy questions.", 655),
    _superfan("niamh_k", "Niamh K.", "Runs the family network for eleven people and one very online cat.", 540),
    _superfan("osei", "Osei", "WireGuard, port forwarding and everything that wants a static address.", 430),
    _superfan("linxiaoyu", "林小雨", "通信专业出身，家里三个 M2。中英文都可以问我。", 820, "zh-Hans"),
    _superfan("laozhou", "老周", "退休电工，小区里谁家断网都找我。", 610, "zh-Hans"),
    _superfan("poyu", "柏宇", "住透天厝，五層樓全靠有線回程撐起來。", 505, "zh-Hant"),
    _staff("joan_routerly", "Joan (Routerly)", "agent", "Support at Routerly, mornings.", 1200),
    _staff("emre_routerly", "Emre (Routerly)", "agent", "Support at Routerly. Orders, returns and odd firmware.", 700),
    _staff(
        "meiling_routerly", "美玲（Routerly）", "agent", "Routerly 中文支持，工作日 9 点到 18 点在线。", 640, "zh-Hans"
    ),
    _staff("sunniva", "Sunniva", "moderator", "Keeps the boards readable. Write to me if something looks off.", 860),
    _staff(
        "aldo_finance",
        "Aldo (Routerly)",
        "finance",
        "Finance at Routerly. Here for the figures, not the firmware.",
        400,
    ),
    _staff("runa_admin", "Runa (Routerly)", "admin", "Looks after this community.", 1300),
    _customer("mira_b", "Mira", "Terraced house, thick walls, R7 Pro and two M2.", 320),
    _customer("tomasz_k", "Tomasz K.", "Works from the attic. R6 since last year.", 410),
    _customer("ada_lind", "Ada", "Teacher. I just want the printer to work.", 250),
    _customer("bo_henrik", "Bo H.", "Two teenagers, one router, many negotiations.", 290),
    _customer("chidi_n", "Chidi", "Console in the living room, R7 Pro behind the sofa.", 205),
    _customer("greta_w", "Greta", "Retired, learning. Please use small words.", 188),
    _customer("hollis", "Hollis", "Flat above a bakery, forty networks in the air.", 350),
    _customer("ines_p", "Inês", "Translator. Moves house more often than she would like.", 230),
    _customer("jory", "Jory", "Home lab in a wardrobe.", 480),
    _customer("kavya_r", "Kavya", "Video calls all day, R6 and one M2.", 199),
    _customer("leif_o", "Leif", "Cabin with a very long cable.", 275),
    _customer("marguerite", "Marguerite", "Guest house with six rooms and one Wi-Fi.", 385),
    _customer("nils_p", "Nils", "", 176),
    _customer("oonagh", "Oonagh", "Here since the R5. It still works, in the shed.", 990),
    _customer("priya_s", "Priya", "New to all this. R6, small flat.", 171),
    _customer("quentin_d", "Quentin", "", 214),
    _customer("rosalind", "Rosalind", "Amateur astronomer, observatory at the end of the garden.", 305),
    _customer("xiaojing_w", "小静", "一室一厅，一台 R6 足够。", 260, "zh-Hans"),
    _customer("leizi", "磊子", "游戏玩家，延迟高于 30 就难受。", 340, "zh-Hans"),
    _customer("duoduo_mama", "朵朵妈", "两个孩子的妈妈，主要用家长控制。", 222, "zh-Hans"),
    _customer("yangyang_sz", "洋洋", "住复式，楼上信号一直不太好。", 198, "zh-Hans"),
    _customer("minmin_z", "敏敏", "在家办公，视频会议多。", 181, "zh-Hans"),
    _customer("dahao", "大浩", "喜欢折腾，光猫早就改桥接了。", 450, "zh-Hans"),
    _customer("afang", "阿芳", "帮爸妈远程管路由器。", 174, "zh-Hans"),
    _customer("yating", "雅婷", "租屋族，一台 R6 跟著我搬了三次家。", 280, "zh-Hant"),
    _customer("zhihao_l", "志豪", "在家接案，最怕視訊開到一半斷線。", 195, "zh-Hant"),
)

SANDBOX_CUSTOMERS = (
    SandboxCustomer("mira", "Mira", "en"),
    SandboxCustomer("tobias_r", "Tobias R.", "en"),
    SandboxCustomer("noor", "Noor", "en"),
    SandboxCustomer("fern_and_ivy", "Fern & Ivy", "en"),
    SandboxCustomer("okonkwo_j", "J. Okonkwo", "en"),
    SandboxCustomer("slowtrain", "slow train", "en"),
    SandboxCustomer("petra_bakes", "Petra bakes", "en"),
    SandboxCustomer("dmitar", "Dmitar", "en"),
    SandboxCustomer("xiaohe", "小禾", "zh-Hans"),
    SandboxCustomer("wenwen", "文文", "zh-Hans"),
    SandboxCustomer("dashu_hz", "大树", "zh-Hans"),
    SandboxCustomer("pinchen", "品辰", "zh-Hant"),
)


def people_who(language: str, *, superfan: bool | None = None, role: Role = "customer") -> tuple[SamplePerson, ...]:
    """Accounts of a language (`zh` takes both scripts) and role, with or without the status."""
    return tuple(
        person
        for person in PEOPLE
        if person.language.startswith(language)
        and person.role == role
        and (superfan is None or person.superfan is superfan)
    )
