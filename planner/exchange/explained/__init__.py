"""Answers to questions why, in words: the question, the answer in a sentence, and the parts as tables that add up."""

from planner.exchange.explained.answers import asked, explained
from planner.exchange.explained.ground import Cell, Explained, Table
from planner.exchange.explained.pool import considered

__all__ = ["Cell", "Explained", "Table", "asked", "considered", "explained"]
