"""What matters most to fix in the charts: missing and doubtful cells, by what they could change."""
