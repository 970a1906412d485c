"""Figures: Vega-Lite as plain dictionaries, drawn as SVG by a process of its own."""
