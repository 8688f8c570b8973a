"""Sentences for problem documents, by code and language."""
