"""The realtime plane: Socket.IO gateway, presence, the media worker."""
