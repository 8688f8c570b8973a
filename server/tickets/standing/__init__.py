"""Where a ticket stands, why, and how long it will wait: read from the rows, told to pages."""
