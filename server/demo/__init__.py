"""Demo data: organisations, windows, items and accounts that no real office uses."""
