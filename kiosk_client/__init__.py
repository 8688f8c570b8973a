"""The kiosk: the resident's page (`web/`), served by the application under `/kiosk/`."""
