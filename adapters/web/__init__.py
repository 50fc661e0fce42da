"""The web page: the same conversation in a browser, the policy to read, and one question under every policy."""
