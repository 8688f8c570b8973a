"""The harness: whole systems, databases, browsers and clips, made on the spot for one test."""
