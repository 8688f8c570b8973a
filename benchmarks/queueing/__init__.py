"""What the queue can bear: durable cycles, open sockets, dispatch, and a simulated day."""
