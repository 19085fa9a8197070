"""Reading what another community wrote, and what becomes of it here."""
