"""Pages about what people saw and did: coaching, observations, skills, outside factors, why, and the gate."""
