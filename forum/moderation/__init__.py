"""The public log of what staff did; flags, the review queue and sanctions join it here."""
