"""What members are told of, in the page and by mail, and what they chose to hear of."""
