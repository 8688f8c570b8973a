"""The web pages of agents, partner windows and supervisors: `web/`, served under `/console/`."""
