"""Two arms that nobody randomised, compared as if they had been alike in what was measured before treatment."""
