"""Writing, sealing and reading what was said and shown in a session."""
