"""Microsoft Teams: verify, convert, render. Nothing is decided here."""
