"""What a rank or a badge can look like: colours and icons by name. The colours themselves are tokens of the style sheets."""

from __future__ import annotations

from collections.abc import Mapping

from forum.kernel.messages import Message

# Each is a token `--tone-NAME`, to be read on every ground of a page in both themes. No green: that says solved.
COLOURS: Mapping[str, Message] = {
    "slate": Message("Slate"),
    "bronze": Message("Bronze"),
    "amber": Message("Amber"),
    "olive": Message("Olive"),
    "teal": Message("Teal"),
    "sky": Message("Sky blue"),
    "indigo": Message("Indigo"),
    "violet": Message("Violet"),
    "rose": Message("Rose"),
    "ruby": Message("Ruby"),
}

ICONS: Mapping[str, Message] = {
    "award": Message("Award"),
    "bookmark": Message("Bookmark"),
    "check-circle": Message("Tick in a circle"),
    "clock": Message("Clock"),
    "coffee": Message("Coffee"),
    "compass": Message("Compass"),
    "crown": Message("Crown"),
    "flame": Message("Flame"),
    "gem": Message("Gem"),
    "gift": Message("Gift"),
    "globe": Message("Globe"),
    "hammer": Message("Hammer"),
    "heart": Message("Heart"),
    "help": Message("Question mark"),
    "key": Message("Key"),
    "languages": Message("Languages (picture)"),
    "leaf": Message("Leaf"),
    "lightbulb": Message("Light bulb"),
    "medal": Message("Medal"),
    "message-circle": Message("Speech bubble"),
    "moon": Message("Moon"),
    "mountain": Message("Mountain"),
    "network": Message("Waves"),
    "pencil": Message("Pencil"),
    "rocket": Message("Rocket"),
    "seedling": Message("Seedling"),
    "shield": Message("Shield"),
    "sparkles": Message("Sparkles"),
    "star": Message("Star"),
    "sun": Message("Sun"),
    "target": Message("Target (picture)"),
    "thumbs-up": Message("Thumb up"),
    "trophy": Message("Trophy"),
    "users": Message("Two people"),
    "zap": Message("Lightning"),
}
