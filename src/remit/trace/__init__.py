"""Who and what stands behind each result, down to the cells of the charts."""
