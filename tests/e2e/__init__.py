"""Tests with a real browser, run by `make e2e`."""
