"""One transcript, played on every channel: the same verdicts, choices and citations, read from what each really shows."""
