"""What an installation can decide, read from the environment (`RELAIS_*`)."""

from __future__ import annotations

import math
import os
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

SHORTEST_SECRET = 32
_HOST_CHARACTERS = set(string.ascii_lowercase + string.digits + ".-[]:")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server.

    `folder` holds the embedded database, the media and the secret. `public_url` is the origin people reach. `embed_origins` are
    the sites that may show the widget. `secret` seals codes and media keys; it is made at the first start, unless it is given.
    `redis` is there where several processes serve together: the URL of the Redis over which they tell each other what happens.
    `encoder` is the folder of a sentence encoder, if one is to help the assistant. Who gives no sign for `idle` is not taken to
    look at a slide.
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
    redis: str | None = None
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


class UnsafeSettings(Exception):
    """Settings with which the server does not start; the message says which one, and what to do."""


def from_environment(environment: Mapping[str, str] = os.environ, *, demo: bool = False) -> Settings:
    """The settings that the environment asks for; every one has a default that works on one machine. Raises `UnsafeSettings`."""
    host = environment.get("RELAIS_HOST", "127.0.0.1")
    port = int(_number(environment, "RELAIS_PORT", "8080", most=65535, whole=True))
    folder = Path(environment.get("RELAIS_FOLDER", "var"))
    database = environment.get("RELAIS_DATABASE", str(folder / "relais.db"))
    redis = environment.get("RELAIS_REDIS") or None
    public_url = environment.get("RELAIS_PUBLIC_URL", f"http://{host}:{port}").rstrip("/")
    embed_origins = tuple(environment.get("RELAIS_EMBED_ORIGINS", "").split())
    idle = timedelta(minutes=_number(environment, "RELAIS_IDLE_MINUTES", "3", most=24 * 60))
    _check_origins(host, public_url, embed_origins)
    _check_processes(database, redis, environment.get("RELAIS_SECRET"))
    if environment.get("RELAIS_TURN_URLS") and not environment.get("RELAIS_TURN_SECRET"):
        raise UnsafeSettings(
            "RELAIS_TURN_URLS names relays: set RELAIS_TURN_SECRET to the secret that they share with this server"
        )
    if demo and not _is_loopback(host):
        raise UnsafeSettings(f"the demo's passwords are known to everybody, and RELAIS_HOST={host} can be reached by others")
    return Settings(
        host=host,
        port=port,
        folder=folder,
        database=database,
        public_url=public_url,
        embed_origins=embed_origins,
        country=environment.get("RELAIS_COUNTRY", "FR"),
        laboratory=environment.get("RELAIS_LABORATORY", "Laboratoire Démonstration"),
        secret=_secret(environment.get("RELAIS_SECRET"), folder / "secret"),
        redis=redis,
        encoder=Path(encoder) if (encoder := environment.get("RELAIS_ENCODER")) else None,
        idle=idle,
        stun_urls=tuple(environment.get("RELAIS_STUN_URLS", "").split()),
        turn_urls=tuple(environment.get("RELAIS_TURN_URLS", "").split()),
        turn_secret=environment.get("RELAIS_TURN_SECRET", ""),
        trusted_proxies=_networks(environment.get("RELAIS_TRUSTED_PROXIES", "")),
        sockets_per_address=int(_number(environment, "RELAIS_SOCKETS_PER_ADDRESS", "100", most=2000, whole=True)),
        demo=demo,
    )


def _number(environment: Mapping[str, str], name: str, default: str, *, most: int, whole: bool = False) -> float:
    text = environment.get(name, default)
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    if not (0 <= number <= most and (whole or number > 0)):
        kind = "a whole number from 0" if whole else "a number above 0 and up"
        raise UnsafeSettings(f"{name} is {kind} to {most}, not {text!r}")
    return number


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(map(ip_network, text.split()))
    except ValueError as error:
        raise UnsafeSettings(f"RELAIS_TRUSTED_PROXIES names addresses and networks such as 10.0.0.0/8: {error}") from None


def _check_origins(host: str, public_url: str, embed_origins: tuple[str, ...]) -> None:
    if not _is_origin(public_url):
        raise UnsafeSettings(f"RELAIS_PUBLIC_URL is an origin such as https://relais.example, without a path, not {public_url!r}")
    if public_url.startswith("http://") and not _is_loopback(urlsplit(public_url).hostname or host):
        raise UnsafeSettings(f"people would reach {public_url} unencrypted: set RELAIS_PUBLIC_URL to an https:// origin")
    for origin in embed_origins:
        if not _is_origin(origin):
            raise UnsafeSettings(f"RELAIS_EMBED_ORIGINS names origins such as https://www.lab.example, not {origin!r}")


def _check_processes(database: str, redis: str | None, secret: str | None) -> None:
    if secret is not None and len(secret.encode()) < SHORTEST_SECRET:
        raise UnsafeSettings(f"RELAIS_SECRET has {len(secret.encode())} bytes; {SHORTEST_SECRET} random ones are needed")
    if redis is None:
        return
    parts = urlsplit(redis)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise UnsafeSettings("RELAIS_REDIS is a redis://, rediss:// or unix:// URL")
    if not database.startswith("postgresql"):
        raise UnsafeSettings("RELAIS_REDIS is for several processes, and a SQLite file has one writer: use PostgreSQL")
    if secret is None:
        raise UnsafeSettings("several processes share one secret: set RELAIS_SECRET to the same random value for each of them")
    if parts.scheme != "unix" and not parts.password and not _is_loopback(parts.hostname or "localhost"):
        raise UnsafeSettings(f"the Redis on {parts.hostname} is reached without a password: anybody there could write to it")


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and text == f"{parts.scheme}://{_host_of(parts)}" and parts.hostname != "*"
    except ValueError:
        return False


def _host_of(parts: SplitResult) -> str:
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name
    if not name or not set(name) <= _HOST_CHARACTERS:
        raise ValueError(name)
    return name if parts.port is None else f"{name}:{parts.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _secret(given: str | None, path: Path) -> bytes:
    if given is not None:
        return given.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SHORTEST_SECRET))
    return path.read_bytes()
