"""What is said in a detailing session, by the moment in its life."""

from server.detailing.messages import lobby, presenting, viewing

__all__ = ["lobby", "presenting", "viewing"]
