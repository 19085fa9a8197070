"""Markdown, networks' text and excerpts, judged by what a reader's browser would make of them."""
