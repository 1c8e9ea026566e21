"""Real public documents that ship with Relais, for the demo and the tests; `sources.yaml` says whose they are."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
