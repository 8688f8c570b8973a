"""Places in the queue that have a time: appointments, and calls back by telephone."""
