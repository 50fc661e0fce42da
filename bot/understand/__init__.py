"""Understanding: words → Reading(topics, facts, triage). Nothing here decides what a policy says."""
