"""What is heard on networks: connections, mentions, listening rules and triage."""
