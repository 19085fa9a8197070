"""What a rank or a badge can look like: names of colours and icons. The colours themselves are tokens of the style sheets."""

from __future__ import annotations

# Each is a class `tone-NAME` of static/css/ranks.css, on the page's grounds with a contrast of at least 4.5 in both themes.
COLOURS = ("slate", "bronze", "amber", "leaf", "teal", "sky", "indigo", "violet", "rose", "ruby")

ICONS = (
    "award", "bookmark", "check-circle", "clock", "coffee", "compass", "crown", "flame", "gem", "gift", "globe", "hammer", "heart",
    "help", "key", "languages", "leaf", "lightbulb", "medal", "message-circle", "moon", "mountain", "network", "pencil", "rocket",
    "seedling", "shield", "sparkles", "star", "sun", "target", "thumbs-up", "trophy", "users", "zap",
)  # fmt: skip
