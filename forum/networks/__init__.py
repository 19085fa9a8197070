"""Social networks behind one port. Each network has a folder of its own."""
