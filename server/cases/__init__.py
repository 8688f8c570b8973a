"""The case library: what was applied for, by number, over all sessions."""
