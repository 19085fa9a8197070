"""Markdown to safe HTML, excerpts and plain text, behind one port."""
