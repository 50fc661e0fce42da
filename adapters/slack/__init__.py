"""Slack: verify, convert, render. Nothing is decided here."""
