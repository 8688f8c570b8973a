"""Dispatch: keeps the line-up in Redis true to SQL, and writes the offers of its pairs."""
