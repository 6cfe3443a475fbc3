"""From what was sent to what is sealed, and back; how lines, outcomes and news get into the database."""
