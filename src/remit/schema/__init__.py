"""The tables and their columns that pass between the rooms."""
