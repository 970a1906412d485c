"""The cohort of a finished run, in the forms that others go on with."""
