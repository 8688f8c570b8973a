"""The service items: what can be asked for, who may serve it, what it needs."""
