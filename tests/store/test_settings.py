"""Settings under which words could be lost, read or forged are refused, each in one sentence, before anything is served."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import Settings, UnsafeSettings, from_environment
from server.store import embedded
from server.store.embedded import EmbeddedWriter, UnsafeDatabase, network_file_system

SECRET = "a secret of tests, 32 bytes long"
POSTGRESQL = "postgresql+psycopg://relais@/relais"
SHARED = {"RELAIS_REDIS": "redis://:fictitious@redis.invalid", "RELAIS_DATABASE": POSTGRESQL, "RELAIS_SECRET": SECRET}


def read(folder: Path, environment: dict[str, str], *, demo: bool = False) -> Settings:
    """The settings of an environment that has nothing else in it."""
    return from_environment({"RELAIS_FOLDER": str(folder), **environment}, demo=demo)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"RELAIS_PUBLIC_URL": "http://relais.invalid"}, "unencrypted"),
        ({"RELAIS_HOST": "0.0.0.0"}, "unencrypted"),
        ({"RELAIS_PUBLIC_URL": "relais.invalid"}, "RELAIS_PUBLIC_URL is an origin"),
        ({"RELAIS_PUBLIC_URL": "https://relais.invalid/room"}, "without a path"),
        ({"RELAIS_PUBLIC_URL": "https://relais.invalid:port"}, "RELAIS_PUBLIC_URL is an origin"),
        ({"RELAIS_EMBED_ORIGINS": "*"}, "not '\\*'"),
        ({"RELAIS_EMBED_ORIGINS": "https://lab.invalid https://*"}, "not 'https://\\*'"),
        ({"RELAIS_EMBED_ORIGINS": "https://*.lab.invalid"}, "RELAIS_EMBED_ORIGINS names origins"),
        ({"RELAIS_EMBED_ORIGINS": "https://lab.invalid;script-src"}, "RELAIS_EMBED_ORIGINS names origins"),
        ({"RELAIS_EMBED_ORIGINS": "lab.invalid"}, "RELAIS_EMBED_ORIGINS names origins"),
        ({"RELAIS_SECRET": "short"}, "has 5 bytes; 32 random ones"),
        ({"RELAIS_PORT": "abc"}, "RELAIS_PORT is a whole number from 0 to 65535, not 'abc'"),
        ({"RELAIS_PORT": "80.5"}, "RELAIS_PORT is a whole number"),
        ({"RELAIS_PORT": "65536"}, "RELAIS_PORT is a whole number"),
        ({"RELAIS_IDLE_MINUTES": "-1"}, "RELAIS_IDLE_MINUTES is a number above 0 and up to 1440, not '-1'"),
        ({"RELAIS_IDLE_MINUTES": "nan"}, "RELAIS_IDLE_MINUTES is a number"),
        ({"RELAIS_SOCKETS_PER_ADDRESS": "many"}, "RELAIS_SOCKETS_PER_ADDRESS is a whole number from 0 to 2000, not 'many'"),
        ({"RELAIS_TRUSTED_PROXIES": "10.0.0.0/8 proxy"}, "RELAIS_TRUSTED_PROXIES names addresses and networks"),
        ({**SHARED, "RELAIS_REDIS": "http://redis.invalid"}, "RELAIS_REDIS is a redis://"),
        ({**SHARED, "RELAIS_DATABASE": "var/relais.db"}, "use PostgreSQL"),
        ({**SHARED, "RELAIS_SECRET": "short"}, "32 random ones"),
        ({**SHARED, "RELAIS_REDIS": "redis://redis.invalid"}, "redis.invalid is reached without a password"),
        ({**SHARED, "RELAIS_REDIS": "rediss://10.0.0.7:6379"}, "10.0.0.7 is reached without a password"),
        ({key: value for key, value in SHARED.items() if key != "RELAIS_SECRET"}, "set RELAIS_SECRET to the same"),
    ],
)
def test_unsafe_settings_are_refused_in_one_sentence(environment: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match=sentence) as refused:
        read(tmp_path, environment)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "relais.invalid"])
def test_the_demo_is_not_shown_to_others(host: str, tmp_path: Path) -> None:
    environment = {"RELAIS_HOST": host, "RELAIS_PUBLIC_URL": "https://relais.invalid"}

    with pytest.raises(UnsafeSettings, match="the demo's passwords are known to everybody"):
        read(tmp_path, environment, demo=True)

    assert read(tmp_path, environment).host == host


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"RELAIS_HOST": "0.0.0.0", "RELAIS_PUBLIC_URL": "https://relais.invalid/"},
        {"RELAIS_HOST": "::1", "RELAIS_PUBLIC_URL": "http://[::1]:8080"},
        {"RELAIS_PUBLIC_URL": "http://localhost:8080"},
        {"RELAIS_EMBED_ORIGINS": "https://www.lab.invalid https://lab.invalid:8443"},
        SHARED,
        {**SHARED, "RELAIS_REDIS": "redis://127.0.0.1:6379"},
        {**SHARED, "RELAIS_REDIS": "unix:///run/redis/redis.sock"},
    ],
)
def test_safe_settings_are_taken(environment: dict[str, str], tmp_path: Path) -> None:
    settings = read(tmp_path, environment)

    assert settings.secret == environment.get("RELAIS_SECRET", "").encode() or len(settings.secret) == 32


def test_the_command_line_says_why_it_does_not_start(tmp_path: Path) -> None:
    environment = {**os.environ, "RELAIS_FOLDER": str(tmp_path), "RELAIS_PORT": "abc"}

    done = subprocess.run(
        [sys.executable, "-m", "server", "serve"],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == "Relais does not start: RELAIS_PORT is a whole number from 0 to 65535, not 'abc'\n"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_database_on_a_network_file_system_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts, folder = tmp_path / "mounts", tmp_path / "on the network"
    folder.mkdir()
    written = str(folder).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nfiler:/relais {written} {kind} rw 0 0\n")
    monkeypatch.setattr(embedded, "MOUNTS", mounts)

    assert network_file_system(folder / "deeper") == kind
    assert network_file_system(tmp_path) is None
    with pytest.raises(UnsafeDatabase, match=f"network file system \\({kind}\\)"):
        EmbeddedWriter(folder / "relais.db", lambda _: None, lambda _: None)
