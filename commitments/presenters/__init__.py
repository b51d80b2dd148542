"""Page-shaped data: rows in, what a page shows out. No queries."""
