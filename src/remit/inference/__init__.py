"""Statistical methods: numbers in, an Estimate out. They know nothing of studies; each names the paper it follows."""
