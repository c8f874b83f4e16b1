"""What may come: calibrated forecasts of a person's results (see README.md of this room)."""
