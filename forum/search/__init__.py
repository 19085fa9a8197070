"""Search behind one port: one analyser, one index."""
