"""Ways in and out: each verifies, converts and renders; nothing decides here."""
