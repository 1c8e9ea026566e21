"""What may be said: plain objects, one reader per format, the approval gate. Imports nothing of the server."""
