"""What Askwell costs and how often it is right, measured anew at each run: `python -m bench [section ...]`."""
