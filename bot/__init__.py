"""CACIMA's assistant. What Rasa needs and nothing here uses is stood in for before anything of Rasa is imported."""

from bot import stand_ins

stand_ins.install()
