"""The study language as tables: each file is at once a test and the documentation of one feature."""
