"""Speaking up: a process, port and host of its own, so that nothing of the main page touches whoever writes here."""
