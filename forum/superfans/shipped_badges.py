"""The badges that a new community begins with. An admin may change or retire every one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum.superfans.shipped_ranks import words


@dataclass(frozen=True)
class ShippedBadge:
    """`repeats`: the formula is a number, and the badge is earned that many times."""

    name: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    icon: str
    colour: str
    formula: str
    repeats: bool = False
    hidden: bool = False


BADGES: Sequence[ShippedBadge] = (
    ShippedBadge(
        "first-solution", words("First solution", "首次解决", "首次解決"),
        words("An answer was accepted.", "有一个回答被采纳。", "有一個回答被採納。"),
        "check-circle", "olive", "solutions >= 1",
    ),
    ShippedBadge(
        "ten-solutions", words("Ten more solved", "又解决十个", "又解決十個"),
        words("Every ten accepted answers.", "每十个被采纳的回答。", "每十個被採納的回答。"),
        "target", "teal", "solutions / 10", repeats=True,
    ),
    ShippedBadge(
        "hundred-solutions", words("A hundred solved", "百题解决", "百題解決"),
        words("A hundred accepted answers.", "一百个被采纳的回答。", "一百個被採納的回答。"),
        "trophy", "amber", "solutions >= 100",
    ),
    ShippedBadge(
        "first-reply", words("Right at once", "一语中的", "一語中的"),
        words("Every five questions solved by the first reply.", "每五次以第一条回复解决问题。", "每五次以第一則回覆解決問題。"),
        "zap", "sky", "solved_first_reply / 5", repeats=True,
    ),
    ShippedBadge(
        "within-the-hour", words("Within the hour", "一小时之内", "一小時之內"),
        words("Every five solutions written within an hour.", "每五个在一小时内写出的解决。", "每五個在一小時內寫出的解決。"),
        "clock", "indigo", "quick_solutions / 5", repeats=True,
    ),
    ShippedBadge(
        "people-helped", words("Fifty people helped", "帮助五十人", "幫助五十人"),
        words("Every fifty different people whose question was solved.", "每解决五十个不同的人的问题。", "每解決五十個不同的人的問題。"),
        "users", "violet", "people_helped / 50", repeats=True,
    ),
    ShippedBadge(
        "social-rescuer", words("Rescuer out there", "网络救星", "網路救星"),
        words("Every five questions from a network solved.", "每解决五个来自网络的问题。", "每解決五個來自網路的問題。"),
        "network", "rose", "social_solutions / 5", repeats=True,
    ),
    ShippedBadge(
        "same-problem", words("Solved for many", "惠及众人", "惠及眾人"),
        words(
            "Every ten thanks from people with the same problem.", "每十次来自遇到同样问题的人的感谢。",
            "每十次來自遇到同樣問題的人的感謝。",
        ),
        "gift", "bronze", "same_problem_thanked / 10", repeats=True,
    ),
    ShippedBadge(
        "loved-answer", words("Loved answer", "备受喜爱", "備受喜愛"),
        words("One reply with ten kudos.", "一条回复收到十个赞。", "一則回覆收到十個讚。"),
        "heart", "ruby", "most_kudos >= 10",
    ),
    ShippedBadge(
        "two-languages", words("Two languages", "两种语言", "兩種語言"),
        words("Solutions in two languages.", "用两种语言解决过问题。", "用兩種語言解決過問題。"),
        "languages", "indigo", "languages >= 2",
    ),
    ShippedBadge(
        "all-rounder", words("All-rounder", "多面手", "多面手"),
        words("Solutions on five boards.", "在五个版块解决过问题。", "在五個版塊解決過問題。"),
        "compass", "teal", "boards >= 5",
    ),
    ShippedBadge(
        "twelve-weeks", words("Twelve weeks in a row", "连续十二周", "連續十二週"),
        words("An answer in each of twelve weeks.", "连续十二周每周都有回答。", "連續十二週每週都有回答。"),
        "flame", "bronze", "longest_streak_weeks >= 12",
    ),
    ShippedBadge(
        "kind-voter", words("Kind voter", "慷慨点赞", "慷慨按讚"),
        words("Kudos to ten different people, and 25 in all.", "给十个不同的人点赞，共 25 次。", "給十個不同的人按讚，共 25 次。"),
        "thumbs-up", "rose", "kudos_given >= 25 && people_thanked >= 10",
    ),
    ShippedBadge(
        "good-asker", words("Good asker", "好提问者", "好發問者"),
        words(
            "Three questions or more, and an answer accepted on most of them.", "提问三次以上，并采纳了其中大部分的回答。",
            "發問三次以上，並採納了其中大部分的回答。",
        ),
        "help", "sky", "questions >= 3 && questions_accepted / questions >= 0.8",
    ),
    ShippedBadge(
        "gardener", words("Gardener", "园丁", "園丁"),
        words("Keeps answers fresh: twenty posts edited.", "让回答保持新鲜：编辑过二十个帖子。", "讓回答保持新鮮：編輯過二十則貼文。"),
        "leaf", "olive", "edits >= 20",
    ),
    ShippedBadge(
        "never-too-late", words("Never too late", "永不嫌晚", "永不嫌晚"),
        words("Solved a question that had waited for a month.", "解决了一个等了一个月的问题。", "解決了一個等了一個月的問題。"),
        "moon", "violet", "late_solutions >= 1", hidden=True,
    ),
    ShippedBadge(
        "mended", words("Mended", "有错就改", "有錯就改"),
        words(
            "An accepted answer was taken back, and five others stand this month.",
            "一个被采纳的回答被撤销，而本月另有五个成立。", "一個被採納的回答被撤銷，而本月另有五個成立。",
        ),
        "hammer", "slate", "reversals >= 1 && solutions_30d >= 5", hidden=True,
    ),
)  # fmt: skip
