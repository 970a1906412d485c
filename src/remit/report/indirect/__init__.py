"""An indirect comparison: our patients made like those of a published arm."""
