"""The author's own text, in which numbers are called by the name of their result."""
