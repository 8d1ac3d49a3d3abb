"""CACIMA's desk: a person when one is needed, and what its staff see and mend of the bot."""
