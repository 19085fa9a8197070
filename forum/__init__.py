"""Answerback: a self-hosted community forum with social answer-back."""
