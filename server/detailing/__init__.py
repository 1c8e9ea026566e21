"""Remote detailing sessions: invitations, the lobby, the slides shown by the rep and viewed by each HCP."""
