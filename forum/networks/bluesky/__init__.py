"""Bluesky, through the atproto SDK."""
