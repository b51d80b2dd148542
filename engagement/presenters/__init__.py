"""Rows of committees in, page-shaped data out."""
