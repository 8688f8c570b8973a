"""Reproducible measurements: `python -m benchmarks [NAME]`, one module a subject."""
