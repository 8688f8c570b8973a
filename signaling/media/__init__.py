"""The media worker: forwards RTP between the people of a session without decoding it."""
