"""Where conversations are kept, and what several instances of the bot share."""
