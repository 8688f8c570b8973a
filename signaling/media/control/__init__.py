"""How the application and a media worker talk: the worker's RPC and the client of it."""
