"""Pages of the figures: by person and period, as a map, week by week, and what each is made of."""
