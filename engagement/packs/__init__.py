"""The pack before a meeting: facts are gathered, built into one document, and written as web page, PDF and Word."""
