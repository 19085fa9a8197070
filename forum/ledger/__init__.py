"""Call deflection: claims, entries (rows only added), contacts and costs."""
