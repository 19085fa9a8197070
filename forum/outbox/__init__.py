"""What must leave the database: one table of deliveries, their states and their wording."""
