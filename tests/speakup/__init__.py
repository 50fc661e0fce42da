"""Tests of speaking up: the engine, the readers' page, and the process of its own."""
