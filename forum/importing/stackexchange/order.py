"""Puts the staged rows in the order of their happening, and counts those that never happen here."""

# ruff: noqa: S608 - what is put into these statements are numbers of our own

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from forum.importing.stackexchange.staging import ACCEPTED, ANSWER, DOWN, DUPLICATE, QUESTION, UP

# `asked` and `said`: the posts that come in, each not before the question it answers. Stack Exchange's clock and its
# imports from elsewhere are not always in order, and an answer cannot be replayed before its question.
_PREPARE = f"""
CREATE TABLE said (id INTEGER PRIMARY KEY, thread INTEGER, at TEXT);
INSERT INTO said SELECT id, id, at FROM posts WHERE type = {QUESTION};
INSERT INTO said SELECT a.id, a.parent, max(a.at, q.at) FROM posts a JOIN posts q ON q.id = a.parent AND q.type = {QUESTION}
  WHERE a.type = {ANSWER};
CREATE TABLE accepted (id INTEGER PRIMARY KEY, vote INTEGER, at TEXT, day TEXT);
INSERT INTO accepted
  SELECT s.id, min(v.id), coalesce(min(v.at), ''), coalesce(max(substr(min(v.at), 1, 10), substr(s.at, 1, 10)), substr(s.at, 1, 10))
  FROM posts q JOIN said s ON s.id = q.accepted AND s.thread = q.id AND s.id <> q.id
  LEFT JOIN votes v ON v.post = s.id AND v.type = {ACCEPTED}
  WHERE q.type = {QUESTION} GROUP BY s.id;
CREATE TABLE former (key TEXT PRIMARY KEY, name TEXT, at TEXT);
CREATE TABLE happenings (seq INTEGER PRIMARY KEY, day TEXT, kind TEXT, id TEXT, at TEXT);
CREATE TABLE forgotten (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
"""
_FORMER = """
INSERT INTO former
  SELECT former_key(owner, owner_name, owner IN (SELECT id FROM users)) AS key, min(owner_name), min(at) FROM (
    SELECT p.owner, p.owner_name, s.at FROM posts p JOIN said s ON s.id = p.id UNION ALL
    SELECT c.owner, c.owner_name, max(c.at, s.at) FROM comments c JOIN said s ON s.id = c.post)
  WHERE key IS NOT NULL GROUP BY key
"""
_ORDER = f"""
INSERT INTO happenings (day, kind, id, at)
SELECT day, kind, key, at FROM (
  SELECT '' AS day, 0 AS phase, '' AS time, 0 AS rank, id AS number, 'member' AS kind, CAST(id AS TEXT) AS key, at FROM users
  UNION ALL SELECT '', 0, key, 1, 0, 'member', key, at FROM former
  UNION ALL SELECT substr(s.at, 1, 10), 1, s.at, p.type, p.id, iif(p.type = {QUESTION}, 'question', 'answer'), CAST(p.id AS TEXT), p.at
    FROM said s JOIN posts p ON p.id = s.id
  UNION ALL SELECT substr(max(c.at, s.at), 1, 10), 1, max(c.at, s.at), 3, c.id, 'comment', CAST(c.id AS TEXT), c.at
    FROM comments c JOIN said s ON s.id = c.post
  UNION ALL SELECT substr(max(l.at, a.at, b.at), 1, 10), 1, max(l.at, a.at, b.at), 4, l.id, 'duplicate', CAST(l.id AS TEXT), l.at
    FROM links l JOIN said a ON a.id = l.post JOIN said b ON b.id = l.related
    WHERE l.type = {DUPLICATE} AND a.thread <> b.thread
  UNION ALL SELECT day, 2, '', 0, coalesce(vote, id), 'acceptance', CAST(id AS TEXT), at FROM accepted
  UNION ALL SELECT max(substr(v.at, 1, 10), substr(s.at, 1, 10)), 2, '', 0, v.id, 'vote', CAST(v.id AS TEXT), v.at
    FROM votes v JOIN said s ON s.id = v.post WHERE v.type IN ({UP}, {DOWN}))
ORDER BY day, phase, time, rank, number, key
"""
_LEFT_OUT = (
    ("posts of type {} (neither a question nor an answer)",
     f"SELECT type, count(*) FROM posts WHERE type NOT IN ({QUESTION}, {ANSWER}) GROUP BY type"),
    ("answers whose question is not in the dump",
     f"SELECT 0, count(*) FROM posts WHERE type = {ANSWER} AND id NOT IN (SELECT id FROM said)"),
    ("comments on posts that do not come in",
     "SELECT 0, count(*) FROM comments WHERE post NOT IN (SELECT id FROM said)"),
    ("up-votes and down-votes on posts that do not come in",
     f"SELECT 0, count(*) FROM votes WHERE type IN ({UP}, {DOWN}) AND post NOT IN (SELECT id FROM said)"),
    ("dates of an acceptance that does not stand",
     f"SELECT 0, count(*) FROM votes WHERE type = {ACCEPTED} AND id NOT IN (SELECT vote FROM accepted WHERE vote IS NOT NULL)"),
    ("votes of type {} (neither up, down nor accepted)",
     f"SELECT type, count(*) FROM votes WHERE type NOT IN ({ACCEPTED}, {UP}, {DOWN}) GROUP BY type"),
    ("accepted marks on an answer that is not in the dump",
     f"SELECT 0, count(*) FROM posts WHERE type = {QUESTION} AND accepted IS NOT NULL AND accepted NOT IN (SELECT id FROM accepted)"),
    ("links of type {} (no duplicate)",
     f"SELECT type, count(*) FROM links WHERE type <> {DUPLICATE} GROUP BY type"),
    ("duplicate links without two threads",
     f"SELECT 0, count(*) FROM links WHERE type = {DUPLICATE} AND CAST(id AS TEXT) NOT IN "
     "(SELECT id FROM happenings WHERE kind = 'duplicate')"),
)  # fmt: skip


def put_in_order(scratch: sqlite3.Connection) -> Counter[str]:
    """What never happens here, by its reason."""
    scratch.executescript(_PREPARE)
    scratch.execute(_FORMER)
    scratch.execute(_ORDER)
    scratch.commit()
    return Counter(dict(_left_out(scratch)))


def _left_out(scratch: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    for why, query in _LEFT_OUT:
        for kind, rows in scratch.execute(query):
            if rows:
                yield why.format(kind), rows
