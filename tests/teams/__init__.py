"""Teams: requests through the real application, and a connector on loopback that records."""
