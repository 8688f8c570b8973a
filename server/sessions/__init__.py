"""A resident's visit by video: who is in it, over which connections, and how it ends."""
