"""The confidential form in a browser."""
