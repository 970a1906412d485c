"""A study with its patients' data beside one of which only summaries are published, and no common comparator."""
