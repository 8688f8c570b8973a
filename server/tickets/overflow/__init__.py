"""Overflow: the rules by which more windows may serve those who wait, and closing time."""
