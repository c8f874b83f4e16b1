"""One module per kind of source: how it is read, and how its records become canonical tables."""
