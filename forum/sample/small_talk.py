"""What people say around the matter itself, by language: greetings, thanks, "same here", staff's promises, idle posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# By language: what fits any thread, and what fits only where devices come into it.
Pool = Mapping[str, tuple[Sequence[str], Sequence[str]]]


def said(pool: Pool, language: str, *, technical: bool) -> list[str]:
    anywhere, with_devices = pool[language]
    return [*anywhere, *(with_devices if technical else ())]


OPENINGS = {
    "en": ("Hi all,\n\n", "Hello,\n\n", "Hi,\n\n", "Good evening,\n\n", "Hello everyone,\n\n", "First post here, so be kind.\n\n", "Hi there,\n\n", "Morning all,\n\n", "I searched but didn't find quite my case.\n\n"),
    "zh-Hans": ("大家好，\n\n", "请教一下：\n\n", "新人第一次发帖。\n\n", "求助，\n\n", "搜了一圈没找到一样的情况。\n\n", "各位好！\n\n"),
    "zh-Hant": ("大家好，\n\n", "想請教一下：\n\n", "各位前輩好，\n\n", "爬過文但沒找到一樣的狀況。\n\n"),
}  # fmt: skip

CLOSINGS = {
    "en": ("Thanks in advance.", "Any hint is welcome.", "Thank you!", "Grateful for ideas.", "Cheers", "What would you try next?", "Thanks for reading this far.", "Screenshots on request."),
    "zh-Hans": ("先谢谢了。", "在线等，谢谢！", "有经验的朋友帮忙看看。", "需要截图的话我可以补。", "谢谢各位。"),
    "zh-Hant": ("先謝謝了！", "感謝解答。", "需要截圖我再補上。", "麻煩大家了。"),
}  # fmt: skip

DETAILS = {
    "en": (
        "For completeness: {devices} devices, a flat of about {size} m².",
        "For completeness: {devices} devices, a house of two floors.",
        "Support chat was closed when I looked, so I try it here.",
        "My partner works from home and is losing patience.",
        "I can follow steps, I just don't know which ones.",
        "It isn't urgent, only annoying.",
        "I did look through the manual, honestly.",
        "I've spent an evening on this already.",
        "Be gentle, I'm no expert.",
        "If there's an old thread about it, a link is fine.",
        "No hurry, I'm away until Sunday anyway.",
        "I'd rather understand it than just reset everything.",
    ),
    "zh-Hans": (
        "补充一下：{size}平米，家里大概{devices}个设备。",
        "说明书翻了，没写。",
        "客服下班了，先来这里问问。",
        "不算急，就是有点烦人。",
        "我不太懂网络，麻烦说得简单一点。",
        "已经折腾一晚上了。",
        "家里人意见很大……",
        "如果以前有人问过，给个链接也行。",
        "最好不要恢复出厂，设置太多了。",
    ),
    "zh-Hant": (
        "補充：大概{size}坪，{devices}個裝置。",
        "說明書翻過了，沒寫。",
        "客服下班了，先來這邊問。",
        "我不太懂網路，請講簡單一點。",
        "不急，只是有點煩。",
        "已經弄了一個晚上了。",
    ),
}

SAME: Pool = {
    "en": (
        ("Same here.", "Following, I have this as well.", "Glad I'm not alone with this."),
        ("Me too, {device}.", "+1, also with {isp}.", "Same symptoms here, on an {other} though."),
    ),
    "zh-Hans": (("同问。", "一样的问题，关注一下。"), ("我也是，{device}。", "+1，我家也是{isp}。")),
    "zh-Hant": (("同問。", "+1，坐等解答。"), ("我家也是這樣，{device}。",)),
}

THANKS: Pool = {
    "en": (
        (
            "That was it. Thank you!",
            "Solved, thanks a lot.",
            "Perfect, marking this as the answer.",
            "Spot on. Thanks for taking the time.",
            "Thank you, exactly what I needed.",
            "Quicker than any hotline. Thank you!",
        ),
        (
            "Works. I'd never have found that on my own.",
            "Done in five minutes, thanks for the clear steps.",
            "You've saved my weekend, thank you.",
            "Thank you, that did the trick.",
            "It works now, and I even understand why.",
            "Brilliant, thanks. I'll leave it like that.",
            "Well, that was easy once you know. Thanks!",
        ),
    ),
    "zh-Hans": (
        ("解决了，谢谢！", "就是这个原因，谢谢指点。", "已采纳，感谢耐心解答。", "学到了，谢谢。"),
        ("照着做一遍就好了，太感谢了。", "可以了，步骤写得很清楚。", "搞定，五分钟的事，之前折腾了一晚上。"),
    ),
    "zh-Hant": (
        ("解決了，感謝！", "原來如此，受教了。", "謝謝，說得很清楚。"),
        ("照做就好了，非常謝謝。", "感謝大大，已經正常。"),
    ),
}

ALSO_WORKED: Pool = {
    "en": (
        (
            "Found this by search, helped me too.",
            "Bookmarked, thanks both.",
            "Still true today, for those who come here later.",
        ),
        ("Same fix here.", "Just to add: worked on my {other} as well.", "Did this for my parents today, works."),
    ),
    "zh-Hans": (
        ("搜到这个帖子，同样解决了。", "收藏了，以后肯定用得上。"),
        ("亲测有效，{other} 也适用。", "帮爸妈也弄好了，感谢。"),
    ),
    "zh-Hant": (("爬文爬到這篇，很有幫助。",), ("{other} 也適用，補充給後面的人。",)),
}

PROMISES: Pool = {
    "en": (
        ("This one needs a closer look. I've opened a ticket for you, you'll get mail within a working day.",),
        (
            "Thanks for the details. I've passed this on to the firmware team and will write here when I know more.",
            "I'd like to look at this with you. Could you send the log from **Settings → Help → Send log**? No personal data in it.",
            "Good question. I'm checking with the product team and will write here tomorrow.",
        ),
    ),
    "zh-Hans": (
        ("这个情况需要核实，已经帮您建了工单，一个工作日内会有邮件。",),
        (
            "感谢反馈，已经转给固件团队，有进展我会在这里回复。",
            "麻烦在 **设置 → 帮助 → 发送日志** 提交一份日志，我来看一下，里面没有个人信息。",
        ),
    ),
    "zh-Hant": ((), ()),
}

# What may stand before and after an answer.
AROUND_ANSWERS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "en": (
        (
            "Ah, this one comes up every week.",
            "No need to worry, this is quickly done.",
            "Good description, that makes it easy.",
            "I think I know what this is.",
            "Welcome! This has a simple reason.",
            "A known one, and harmless.",
        ),
        (
            "Let us know how it goes.",
            "Shout if a step doesn't look like that on your side.",
            "Please write whether it helped, for those who come after you.",
            "Good luck!",
            "If not, come back and we'll dig deeper.",
        ),
    ),
    "zh-Hans": (
        (
            "这个问题最近问的人挺多。",
            "别急，几分钟的事。",
            "描述得很清楚，应该就是下面这个原因。",
            "大概率是下面这个原因。",
        ),
        ("试完来说一声。", "哪一步对不上再追问。", "弄好了记得采纳，方便后面的人。"),
    ),
    "zh-Hant": (
        ("這個很常見，別擔心。", "應該就是下面這個原因。"),
        ("試完再回報一下喔。", "哪一步不一樣再問我。"),
    ),
}

IDEA_STAFF: Pool = {
    "en": (
        (
            "Thank you, we read these. It's on the list for next year's planning, kudos on the first post do count.",
            "Good one. I've put it in front of the app team, no promise yet.",
            "We've discussed this before; the difficulty is doing it without sending your data anywhere. Still open.",
        ),
        (),
    ),
}

COMMENTS: Pool = {
    "en": (
        ("Nicely explained.", "This should be pinned.", "Good answer, thanks.", "Clear as always.", "Can confirm."),
        ("Worked on the {other} too.", "I'd add: restart once afterwards.", "Took me two tries, but yes."),
    ),
    "zh-Hans": (("讲得很清楚。", "建议置顶。", "学习了。"), ("亲测有效。", "补充：改完重启一次更稳。")),
    "zh-Hant": (("講得很清楚。", "推，感謝整理。"), ("實測有效。",)),
}

CHATTER = (
    "First frost this morning. The cat has resigned from going outside.",
    "Does anyone have a sourdough starter to spare? Mine has given up.",
    "The 7:42 was on time today. I don't know what to do with the four minutes.",
    "Painted the hallway. Also, apparently, the skirting board, the socket and my left shoe.",
    "New batch of rye loaves on Saturday, come early.",
    "If you lost a single blue glove at the lake: it's on the fence post.",
    "Chess club moves to Thursdays. Bring a board, we're two short.",
    "I have been told that twelve is too many tomato plants.",
    "Today I learned that the library lends out telescopes.",
    "Rain on a tin roof, best sound there is.",
    "Choir tonight, altos wanted, cake guaranteed.",
    "Who decided that all chargers should be white?",
    "Fixed the bike with a zip tie and optimism.",
    "Our shop is closed on Monday, the ivy needs repotting and so do we.",
    "周末去爬山，山顶的风真大，面条真香。",
    "楼下的桂花开了，一路都是香的。",
    "有没有人一起拼车去看展？周六下午。",
    "新买的锅终于不糊底了，开心。",
    "今天的晚霞值得停下来看五分钟。",
    "巷口那家豆花又開了，排了二十分鐘，值得。",
)  # fmt: skip
