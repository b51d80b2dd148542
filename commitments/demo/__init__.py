"""The demonstration: invented plans, reports and measurements for the three systems whose papers we quote.

Each delivery draws its story from dice of its own, seeded by its commitment and footprint, so that it tells the same
story on every machine and in whatever order it is asked. Everything but `people` and `loading` is pure.
"""
