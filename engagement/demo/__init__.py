"""The demonstration's committees: invented members, meetings and questions, beside three real papers of 2019.

Beside them, whom its systems spoke with: all invented.
"""
