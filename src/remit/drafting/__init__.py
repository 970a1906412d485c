"""A first study file, from a few answers."""
