"""The benchmark: England at full size, and what the portal costs there. `make bench` runs it; pytest never times."""
