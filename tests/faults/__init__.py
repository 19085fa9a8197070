"""Real workers that are killed, cut off and robbed of their Redis: in the end exactly one reply stands, or none."""
