"""A process that searches: run with a folder, it answers each line of standard input with the ids found, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from forum.search.port import Query
from forum.search.whoosh_index import WhooshIndex


def main() -> None:
    index = WhooshIndex(Path(sys.argv[1]))
    for line in sys.stdin:
        hits = index.search(Query(line.strip(), limit=1_000))
        sys.stdout.write(json.dumps([hit.thread_id for hit in hits.hits]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
