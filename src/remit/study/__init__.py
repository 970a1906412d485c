"""The study file: its model, its loading, its packs."""
