"""What went wrong on this machine, in one line its owner can act on."""


class Problem(Exception):
    """Ends a command with its message as the only line on stderr and a non-zero exit."""
