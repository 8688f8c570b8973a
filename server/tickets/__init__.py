"""The queue: a resident's place in it, the agents who serve it, the offers that join the two."""
