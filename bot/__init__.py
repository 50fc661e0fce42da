"""Askwell's guidance engine: what a policy says about the situation somebody is in."""
