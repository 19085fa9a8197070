"""What a rank or a badge can look like: names of colours and icons. The colours themselves are tokens of the style sheets."""

from __future__ import annotations

# Each is a token `--tone-NAME`, to be read on every ground of a page in both themes. No green: that says solved.
COLOURS = ("slate", "bronze", "amber", "olive", "teal", "sky", "indigo", "violet", "rose", "ruby")

ICONS = (
    "award", "bookmark", "check-circle", "clock", "coffee", "compass", "crown", "flame", "gem", "gift", "globe", "hammer", "heart",
    "help", "key", "languages", "leaf", "lightbulb", "medal", "message-circle", "moon", "mountain", "network", "pencil", "rocket",
    "seedling", "shield", "sparkles", "star", "sun", "target", "thumbs-up", "trophy", "users", "zap",
)  # fmt: skip
