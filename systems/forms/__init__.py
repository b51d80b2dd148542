"""Forms about systems and places, and the fields that all forms share."""
