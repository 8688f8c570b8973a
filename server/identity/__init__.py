"""Who calls and what they may do: accounts, log-in, residents' visits, the door, permissions."""
