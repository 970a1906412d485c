"""Cohort to Results."""
