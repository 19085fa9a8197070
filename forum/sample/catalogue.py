"""Every issue that the sample's people ask about."""

from __future__ import annotations

from forum.sample import (
    issues_en_billing,
    issues_en_family,
    issues_en_ideas,
    issues_en_mesh,
    issues_en_setup,
    issues_en_start,
    issues_en_wifi,
    issues_hant,
    issues_zh_home,
    issues_zh_wifi,
)
from forum.sample.content import Issue

ISSUES: tuple[Issue, ...] = (
    *issues_en_wifi.ISSUES,
    *issues_en_mesh.ISSUES,
    *issues_en_setup.ISSUES,
    *issues_en_start.ISSUES,
    *issues_en_billing.ISSUES,
    *issues_en_family.ISSUES,
    *issues_en_ideas.ISSUES,
    *issues_zh_wifi.ISSUES,
    *issues_zh_home.ISSUES,
    *issues_hant.ISSUES,
)
