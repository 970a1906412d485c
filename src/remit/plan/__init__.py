"""The plan of a study: locked before the results are known, and what differs from it."""
