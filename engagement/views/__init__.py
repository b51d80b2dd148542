"""Find, call, render."""
