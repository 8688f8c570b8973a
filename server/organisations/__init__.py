"""The tree of organisations and the windows that stand in it."""
