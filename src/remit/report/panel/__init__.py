"""The panel in which a number of the report is taken apart."""
