"""Who asks for a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Client:
    """Who asks for a run, and what comes with the graph.

    Attributes:
        id: Gets what packs send to the client of the run; None where it has no name.
        extra_pnginfo: What is to be saved beside results; `workflow` holds the canvas file.
        secrets: Tokens that nodes may ask for by name (`api_key_comfy_org`). They enter neither
            keys nor events nor results.
        previews: How previews are made: `none`, or the name of a method; None leaves it to the
            nodes.
        saves_metadata: Saved files tell how they were made.
    """

    id: str | None = None
    extra_pnginfo: Mapping[str, Any] | None = None
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    previews: str | None = None
    saves_metadata: bool = True
