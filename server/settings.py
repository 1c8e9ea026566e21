"""What an installation can decide, read from the environment (`RELAIS_*`)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server.

    `folder` holds the embedded database, the media and the secret. `public_url` is the origin people reach. `embed_origins` are
    the sites that may show the widget. `secret` seals codes and media keys; it is made at the first start. `encoder` is the
    folder of a sentence encoder, if one is to help the assistant. Who gives no sign for `idle` is not taken to look at a slide.
    By `stun_urls` and `turn_urls` browsers in a call find each other where they cannot directly; relays know the `turn_secret`.
    `trusted_proxies` may say for whom they speak; at most `sockets_per_address` lines are open to one address.
    """

    host: str
    port: int
    folder: Path
    database: str
    public_url: str
    embed_origins: tuple[str, ...]
    country: str
    laboratory: str
    secret: bytes
    encoder: Path | None = None
    idle: timedelta = timedelta(minutes=3)
    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    sockets_per_address: int = 100
    demo: bool = False

    @property
    def media(self) -> Path:
        """Where rendered slides and source files lie, by edition."""
        return self.folder / "media"

    @property
    def secure(self) -> bool:
        """Whether people reach the server over HTTPS."""
        return self.public_url.startswith("https://")


def from_environment(environment: Mapping[str, str] = os.environ, *, demo: bool = False) -> Settings:
    """The settings that the environment asks for; every one has a default that works on one machine."""
    host = environment.get("RELAIS_HOST", "127.0.0.1")
    port = int(environment.get("RELAIS_PORT", "8080"))
    folder = Path(environment.get("RELAIS_FOLDER", "var"))
    if environment.get("RELAIS_TURN_URLS") and not environment.get("RELAIS_TURN_SECRET"):
        raise ValueError("RELAIS_TURN_URLS names relays: RELAIS_TURN_SECRET must hold the secret they share with this server")
    return Settings(
        host=host,
        port=port,
        folder=folder,
        database=environment.get("RELAIS_DATABASE", str(folder / "relais.db")),
        public_url=environment.get("RELAIS_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        embed_origins=tuple(environment.get("RELAIS_EMBED_ORIGINS", "").split()),
        country=environment.get("RELAIS_COUNTRY", "FR"),
        laboratory=environment.get("RELAIS_LABORATORY", "Laboratoire Démonstration"),
        secret=_secret(folder / "secret"),
        encoder=Path(encoder) if (encoder := environment.get("RELAIS_ENCODER")) else None,
        idle=timedelta(minutes=float(environment.get("RELAIS_IDLE_MINUTES", "3"))),
        stun_urls=tuple(environment.get("RELAIS_STUN_URLS", "").split()),
        turn_urls=tuple(environment.get("RELAIS_TURN_URLS", "").split()),
        turn_secret=environment.get("RELAIS_TURN_SECRET", ""),
        trusted_proxies=tuple(map(ip_network, environment.get("RELAIS_TRUSTED_PROXIES", "").split())),
        sockets_per_address=int(environment.get("RELAIS_SOCKETS_PER_ADDRESS", "100")),
        demo=demo,
    )


def _secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
