"""Statements that work on whole sets of rows; each module says on which."""
