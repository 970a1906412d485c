"""Records to Cohort."""
