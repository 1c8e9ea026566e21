"""Conversations between an HCP and the assistant: questions, and what was replied."""
