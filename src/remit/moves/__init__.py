"""What would change if a cell of the charts read otherwise: derived and estimated again."""
