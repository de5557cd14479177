"""Stories: load, decide (domain), write, tell."""
