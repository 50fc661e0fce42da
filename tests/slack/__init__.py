"""Slack on a stand: a recording Web API, the real application, and requests signed as Slack signs them."""
