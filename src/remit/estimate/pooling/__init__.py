"""Published results, and perhaps our own, pooled."""
