"""Kills the server at random points while people talk to it, and looks whether anything was lost or said twice."""
