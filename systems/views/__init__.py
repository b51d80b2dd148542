"""The pages of systems and places."""
