"""What the records tell together: the HCP's timeline. Reads everybody, changes nobody."""
