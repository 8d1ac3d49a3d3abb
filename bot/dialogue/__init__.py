"""What a conversation knows, and what a question means in it. No Rasa here."""
