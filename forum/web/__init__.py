"""The web: one blueprint per resource; a route loads, calls one action, commits and redirects."""
