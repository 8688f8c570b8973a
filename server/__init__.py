"""The application: HTTP API, domain, storage, composition root."""
