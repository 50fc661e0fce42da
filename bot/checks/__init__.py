"""Checkers of the knowledge: each is a small module with one `check`, Knowledge → findings."""
