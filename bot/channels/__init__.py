"""Where people reach the bot."""
