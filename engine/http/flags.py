"""What this server can do, as clients are told: `/features` and the first message of a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.jobs.messages import PREVIEW_FLAG, REPORT_FLAG

if TYPE_CHECKING:
    from engine.http.options import ServeOptions


def server_flags(options: ServeOptions) -> dict[str, Any]:
    """Return the server's feature flags, those of the command line included."""
    ours = {
        PREVIEW_FLAG: True,
        REPORT_FLAG: True,
        "max_upload_size": options.max_upload_bytes,
        "assets": False,
    }
    return ours | dict(options.feature_flags)
