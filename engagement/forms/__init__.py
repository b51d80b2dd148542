"""What people fill in about committees: labels, hints, and each message in plain words."""
