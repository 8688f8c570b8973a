"""What every subject leans on: settings, database, events, HTTP, errors, clock."""
