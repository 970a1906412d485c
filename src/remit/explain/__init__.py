"""From a number to the chart, and back, on the terminal."""
