"""Mentions of the last day that members answered whom nobody has to trust yet: their replies wait for an agent's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.sample.content import SampleReply, SampleThread


@dataclass(frozen=True)
class Held:
    """`hours_ago` the customer asked; two hours later somebody answered, and a superfan accepted it within the hour."""

    customer: str
    helper: str
    accepted_by: str
    hours_ago: float
    board: str
    tags: tuple[str, ...]
    language: str
    title: str
    question: str
    answer: str
    summary: str


HELD = (
    Held(
        "dmitar", "jory", "patchpanel", 21.3, "setup", ("vlan", "ports"), "en",
        "Can I keep the cameras off the rest of the network?",
        "@routerly four cameras on my R7 Pro. Can I keep them off the rest of the network without buying a switch?",
        """\
You can, with what is in the box:

1. **Network → Guest network**: make one just for the cameras and switch *Devices may see each other* off.
2. **Network → Ports**: give the port with the recorder the same guest network.
3. Move the cameras over one by one, the recorder last.

I have run five of them like that for two years. The app still reaches them, through the recorder.""",
        "Put them on a guest network of their own, switch “Devices may see each other” off, and give the recorder's port the same network. No switch needed.",
    ),
    Held(
        "petra_bakes", "hollis", "radiowave", 14.6, "wifi", ("channels", "interference"), "en",
        "Card reader loses the Wi-Fi whenever the ovens run",
        "@routerly my card reader drops off the R6 whenever the ovens run. Am I imagining things?",
        """\
You are not. An old oven's door seal leaks right where 2.4 GHz lives, and most card readers speak nothing else.

Fix the channel instead of leaving it on automatic: **Wi-Fi → 2.4 GHz → Channel 1**, width *20 MHz*. Ovens are worst
in the upper half of the band. And if you can, put the R6 on the other side of the counter; two metres matter more
than any setting. I live above a bakery, ask me how I know.""",
        "You aren't: ovens disturb the upper half of 2.4 GHz. Set the 2.4 GHz channel to 1 with 20 MHz width, and move the R6 two metres away from them.",
    ),
    Held(
        "wenwen", "dahao", "linxiaoyu", 9.4, "zhongwen", ("光猫", "桥接"), "zh-Hans",
        "光猫改桥接以后电视盒子没信号",
        "@routerly 光猫改了桥接，R7 Pro 上网正常，但是电视盒子没信号了，怎么办？",
        """\
电视走的是另一条通道，改桥接以后路由器默认不会转。这样设一下就行：

1. 打开 **网络 → 电视**，选“指定网口”。
2. 选接盒子的那个网口，保存。
3. 把光猫的电视口（一般是 2 口）再接一根线到路由器的任意网口。
4. 盒子断电一分钟再开。

我家就是这么接的，改完画面比原来还稳。""",
        "电视走另一条通道：在“网络 → 电视”里指定接盒子的网口，光猫的电视口再接一根线到路由器，盒子断电一分钟再开。",
    ),
)  # fmt: skip


def held_threads(now: datetime) -> tuple[SampleThread, ...]:
    return tuple(_thread(one, now - timedelta(hours=one.hours_ago)) for one in HELD)


def _thread(held: Held, at: datetime) -> SampleThread:
    answered = at + timedelta(hours=2)
    reply = SampleReply(
        author=held.helper,
        text=held.answer,
        at=answered,
        accepted_at=answered + timedelta(minutes=55),
        accepted_by=held.accepted_by,
        comments=(),
        kudos_by=(),
        summary=held.summary,
    )
    return SampleThread(
        board_slug=held.board,
        author=held.customer,
        title=held.title,
        text=held.question,
        tags=held.tags,
        kind="question",
        language=held.language,
        at=at,
        replies=(reply,),
        kudos_by=(),
        same_problem_by=(),
        from_sandbox=True,
        would_have_contacted=None,
        channel=None,
    )
