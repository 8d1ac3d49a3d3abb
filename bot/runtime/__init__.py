"""How the bot is served: one process, Rasa's own server, the actions inside it."""
