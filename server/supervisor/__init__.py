"""`virtual-window serve`: starts what runs on this machine, keeps it up, ends it in order."""
