"""People, sessions, records and edges: everything that remembers."""
