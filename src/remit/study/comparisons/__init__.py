"""Our endpoints beside those of published studies: the section `comparisons`."""
