"""How often the report's range holds the truth: `python -m bench.calibration [seeds]` from the project's root.

Each seed draws a community of which all is known (tests/ledger/community.py), lets the product's rules look at the part
that it can see, and holds its 95 % range against the contacts that really did not happen. 500 seeds take a minute or two.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.ledger.calibrating import ALL, EVERY_KIND, calibrate
from tests.ledger.community import World

SEEDS = 500
PLAIN = World()  # contacts missing and late, bots of which some are not found, silence at random
QUARTER = ("2026-08", "2026-09", "2026-10")

WORLDS: Mapping[str, tuple[World, Mapping[str, Any]]] = {
    "one month": (PLAIN, {}),
    "nothing missing, every bot found": (
        replace(PLAIN, contact_is_known=1.0, says_unsolved=1.0, bot_is_found=1.0),
        {},
    ),
    "a quarter": (replace(PLAIN, months=QUARTER), {}),
    "only the rates' own ranges (docs/adr/0009)": (PLAIN, {"among": EVERY_KIND}),
    "half of the contact data missing": (replace(PLAIN, contact_is_known=0.5), {}),
    "one bot in ten is not found": (replace(PLAIN, bot_is_found=0.9), {}),
    "2 % of readers contact all the same": (replace(PLAIN, reader_contacts_anyway=0.02), {}),
    "30 askers read signed out": (replace(PLAIN, askers_signed_out=30), {}),
    "a yes answers a tenth more often": (replace(PLAIN, yes_answers_more=1.1), {}),
    "a yes answers half as often again": (replace(PLAIN, yes_answers_more=1.5), {}),
    "the same, if everyone silent meant no": (replace(PLAIN, yes_answers_more=1.5), {"silent_meant_no": True}),
}


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    print(f"{seeds} seeds; shares of seeds, and means relative to the truth")
    print(f"{'':44} {'covers':>7} {'low > truth':>12} {'width':>6} {'likely':>7} {'low':>6}")
    for title, (world, how) in WORLDS.items():
        started = time.perf_counter()
        for found in calibrate(world, range(seeds), **how):
            label = title if found.kind == ALL else f"  {found.kind} alone"
            print(
                f"{label:44} {found.coverage:7.1%} {found.low_above:12.1%} {found.width:6.2f} "
                f"{1 + found.bias:7.3f} {found.low_share:6.2f}",
                flush=True,
            )
        print(f"  ({time.perf_counter() - started:.0f} s)", file=sys.stderr)


if __name__ == "__main__":
    main()
