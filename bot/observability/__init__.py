"""What the bot tells of itself, and of nobody else: logs without messages, counters without names."""
