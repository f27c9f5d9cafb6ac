"""Pages that sum up rooms, and the few that belong to none."""
