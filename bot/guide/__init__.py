"""Ranks the cluster types from an entrepreneur's answers, with reasons. No Rasa here; everything said is data."""
