"""Rasa graph components that read a message: clauses, language, words, topics, questions."""
