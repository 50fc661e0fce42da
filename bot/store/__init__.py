"""What is kept: conversations while they last, messages until they are sent, the directory. Nothing of who asked what."""
