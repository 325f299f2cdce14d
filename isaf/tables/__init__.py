"""Columns of the i.SAF lists that people take away."""
