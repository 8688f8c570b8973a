"""Joined numbering: a hall's own calling system draws and calls numbers of the same queue."""
