"""The points ledger and the superfan status; ranks, badges and leaderboards join them here."""
