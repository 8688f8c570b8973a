"""The agents', partner windows' and supervisors' web pages (built from `web/`, served under `/console/`)."""
