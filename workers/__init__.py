"""Thin jobs and the schedule: each loads, calls one action and settles."""
