"""Papers shown in a session: captured, decoded apart, kept with their digests."""
