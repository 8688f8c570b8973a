"""Recordings as the application knows them: their state, their files, who may play them."""
