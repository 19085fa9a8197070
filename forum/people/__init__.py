"""Who somebody is and what they may do: accounts, roles, the permission table, sessions and tokens."""
