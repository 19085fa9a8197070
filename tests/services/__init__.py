"""Real servers for tests. Each starts on free ports in a folder of its own and leaves nothing behind."""
