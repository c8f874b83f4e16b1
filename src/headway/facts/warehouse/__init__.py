"""The company's own warehouse as the place of the facts: read in place, or brought home for what needs rows."""
