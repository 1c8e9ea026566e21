"""What sales may not see: medical inquiries and the MSL desk, adverse event reports."""
