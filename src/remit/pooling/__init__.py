"""`remit pool`: the studies of a table, pooled."""
