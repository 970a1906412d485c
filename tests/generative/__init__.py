"""Random expressions and random charts: what must hold for all of them, and that all engines agree."""
