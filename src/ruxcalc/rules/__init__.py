"""The rules: pure functions, patient and labels in, answer out.

No input or output, no clock, no randomness, and nothing from a third party.
"""
