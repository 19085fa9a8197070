"""Every issue that the sample's people ask about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
    retold_en_home,
    retold_en_setup,
    retold_en_wifi,
    retold_zh,
)
from forum.sample.content import Issue

_WRITTEN = (
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

RETOLD: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {**retold_en_wifi.RETOLD, **retold_en_setup.RETOLD, **retold_en_home.RETOLD},
    "zh-Hans": retold_zh.RETOLD_HANS,
    "zh-Hant": retold_zh.RETOLD_HANT,
}


def _with_retold(issue: Issue) -> Issue:
    if issue.kind == "idea":  # an idea is had once
        return issue
    return replace(issue, retold=RETOLD[issue.language].get(issue.name, ()))


ISSUES: tuple[Issue, ...] = tuple(_with_retold(issue) for issue in _WRITTEN)
