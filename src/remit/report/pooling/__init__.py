"""Published results pooled, perhaps with our own: a module each for what the section shows."""
