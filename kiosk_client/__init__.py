"""The self-service kiosk: its device agent, and the resident's web page in `web/`."""
