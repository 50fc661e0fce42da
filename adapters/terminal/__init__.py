"""The terminal: conversation, one question, tables, and the commands of a policy officer."""
