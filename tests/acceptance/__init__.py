"""Whole studies, run as a user runs them, against numbers that are known."""
