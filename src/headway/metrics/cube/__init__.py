"""The cube: the rows of every definition added up per person and day, so that any window needs no facts."""
