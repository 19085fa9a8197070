"""The one place that chooses the real parts, for the web and the workers alike."""
