"""Papers of a plan: letters that stand alone, frozen once they are signed."""
