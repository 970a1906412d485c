"""remit: treatment-effectiveness cohort studies from charts to paper."""
