"""HTTP: declared routes, checked bodies, problem documents, the OpenAPI page. No domain in it."""
