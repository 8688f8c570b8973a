"""Reading a client's offer and writing the one kind of answer that a worker gives."""
