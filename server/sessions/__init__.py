"""Video sessions: who is in one, by which connection, seeing and hearing whom."""
