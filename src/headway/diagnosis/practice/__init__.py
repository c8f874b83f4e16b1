"""What people saw and did before there is any plan: coaching, observations, competencies, outside factors, the gate."""
