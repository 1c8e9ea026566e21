"""What is said in a detailing session, by the moment in its life."""

from server.detailing.messages import calls, closing, colleagues, documents, interplay, lease, lobby, presenting, viewing

__all__ = ["calls", "closing", "colleagues", "documents", "interplay", "lease", "lobby", "presenting", "viewing"]
