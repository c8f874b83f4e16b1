"""The company's own triggers: shares of quota, runs of periods, activity floors, conversion below colleagues."""
