"""What may change in a session, by the moment in its life."""
