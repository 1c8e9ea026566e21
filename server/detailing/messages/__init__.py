"""What is said in a detailing session, by the moment in its life."""

from server.detailing.messages import closing, colleagues, documents, interplay, lease, lobby, presenting, viewing

__all__ = ["closing", "colleagues", "documents", "interplay", "lease", "lobby", "presenting", "viewing"]
