"""The stages of a deal in order, until the company names its own."""

DEFAULT_LADDER = ["lead", "qualified", "proposal", "won"]
