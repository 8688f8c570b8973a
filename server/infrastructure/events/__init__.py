"""Ordered events: a row of the outbox first, a message to open pages second.

`log` numbers events per topic in the command's own transaction and reads them back, `relay` puts
committed ones on a Redis Stream, `hub` hands them to the pages of this replica, each once and in
order. `topics` is where a subject says what its topics are and how a fresh snapshot is read.
"""
