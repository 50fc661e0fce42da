"""The five policies as they are encoded, loaded once for each worker."""

from bot.load import load

KNOWLEDGE = load()
