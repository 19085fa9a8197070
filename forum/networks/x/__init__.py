"""X, through tweepy and API v2."""
