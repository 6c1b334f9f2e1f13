"""Blocks of the lesson "Break it": the pair under one cursor, and what came of it."""
