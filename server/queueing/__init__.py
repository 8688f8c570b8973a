"""The live order of the queue in Redis. It knows no SQL, and takes the time as an argument."""
