"""What every room stands on: the declarative base, errors, messages, time, settings, ids and money. Imports no other room."""
