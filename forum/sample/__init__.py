"""A believable sample community, made through the same actions that people use."""
