"""YAML of strangers: plain values only. Aliases are refused, since with them a small file can stand for a huge one."""

from __future__ import annotations

from typing import Any

import yaml


class _PlainLoader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not accepted")
        return super().compose_node(parent, index)


def load(text: str | bytes) -> Any:
    """The value of one YAML document; raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 – a SafeLoader, and stricter
