"""What every action says to the second of two writers."""


class Conflict(Exception):
    """Somebody else changed it since it was read. Nothing was written."""
