"""Simulating: Records drawn from what a study file declares of its patients."""
