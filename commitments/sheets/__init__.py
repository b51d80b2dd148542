"""The month's reports as a spreadsheet: made, filled in elsewhere, opened with caution, read, compared and written."""
