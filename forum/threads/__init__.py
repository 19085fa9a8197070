"""Boards, threads, posts, acceptances, kudos, tags and comments: their rules and their queries."""
