"""Socket.IO for pages: who they are, what they listen to, and that they are there."""
