"""A result of the study beside those that others published: a module each for what the section shows."""
