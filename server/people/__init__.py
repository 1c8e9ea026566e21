"""People: HCPs, staff, their roles, what they consented to, and how each proves who they are."""
