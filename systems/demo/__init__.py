"""The demonstration's maturity: what three papers of 2019 say, and beside it what is plainly invented."""
