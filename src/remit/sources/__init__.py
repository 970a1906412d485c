"""Sources: from what a centre wrote to Records, with the intake ledger."""
