"""Are groups and teams treated alike? Read by HR alone."""
