"""The lists: what each column shows, and what is in their files."""
