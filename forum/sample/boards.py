"""The six boards of the sample community."""

from __future__ import annotations

from forum.sample.content import SampleBoard

SITE_NAME = "Routerly Community"

BOARDS = (
    SampleBoard(
        "wifi", "Wi-Fi and mesh", "Drops, dead spots, slow rooms and mesh points that misbehave.", "question", "en"
    ),
    SampleBoard(
        "setup", "Set-up", "New boxes, modems, bridge mode, VPN, port forwarding and USB storage.", "question", "en"
    ),
    SampleBoard(
        "billing", "Billing and orders", "Orders, invoices, returns, warranty and the Plus plan.", "question", "en"
    ),
    SampleBoard(
        "parental", "Parental controls", "Schedules, filters and profiles for children's devices.", "question", "en"
    ),
    SampleBoard(
        "ideas", "Ideas", "What should the routers and the app learn next? Add yours and back others'.", "idea", "en"
    ),
    SampleBoard("zhongwen", "中文", "用中文提问和交流：无线、组网、设置、订单，简体繁體都欢迎。", "question", "zh"),
)
