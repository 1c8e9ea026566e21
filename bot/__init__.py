"""Decides the reply: pure, without network, database or clock of its own."""
