"""What `loom serve` was asked for, as one frozen object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CachePolicy = Literal["auto", "classic", "lru", "none", "ram"]
PreviewMethod = Literal["none", "auto", "latent2rgb", "taesd"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """All options of the server. Paths are absolute.

    Attributes:
        hosts: Addresses to listen on.
        port: TCP port; 0 takes any free one.
        web_root: Folder of the front end, `own` for ours, `comfyui` for the installed one, or None.
        base: Folder with `models/`, `input/`, `output/`, `temp/`, `user/`, `custom_nodes/`.
        user: Folder of settings, workflows, the queue and the token.
        custom_nodes: Folders of packs that workers load.
        whitelist: Packs that are loaded although `load_custom_nodes` is false.
        load_custom_nodes: Workers load packs.
        cpu: No accelerator is used.
        workers: Worker processes; None is one for each device.
        cache: What results are kept for; `auto` is Latentloom's own budgets.
        cache_amount: N of `--cache-lru`, gigabytes of `--cache-ram`; 0 where not given.
        preview_method: Previews of jobs that do not choose for themselves.
        preview_size: Longer side of previews in pixels.
        save_metadata: Saved pictures hold their workflow.
        tls_key: Private key file, or None for plain HTTP.
        tls_certificate: Certificate file.
        cors_origin: Origin that may call from another site, `*`, or None.
        allowed_hosts: Further host names under which the server may be asked.
        max_upload_bytes: Longest request body.
        compress: Answers are compressed where the client takes it.
        multi_user: Several users, told apart by the header `comfy-user`.
        feature_flags: Told to clients besides our own.
        open_browser: Open the page when the server is up.
        quick_test: Load everything, then end with exit code 0.
        verbose: Level of the log: DEBUG, INFO, WARNING, ERROR, CRITICAL.
        log_stdout: The log goes to stdout instead of stderr.
        log_json: The log is JSON, one object a line.
        announce: Print where the server is.
        argv: The arguments as they were given.
    """

    hosts: tuple[str, ...] = ("127.0.0.1",)
    port: int = 8188
    web_root: Path | Literal["own", "comfyui"] | None = None
    base: Path
    user: Path
    custom_nodes: tuple[Path, ...] = ()
    whitelist: tuple[str, ...] = ()
    load_custom_nodes: bool = True
    cpu: bool = False
    workers: int | None = None
    cache: CachePolicy = "auto"
    cache_amount: float = 0
    preview_method: PreviewMethod = "none"
    preview_size: int = 512
    save_metadata: bool = True
    tls_key: Path | None = None
    tls_certificate: Path | None = None
    cors_origin: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 100 * 2**20
    compress: bool = False
    multi_user: bool = False
    feature_flags: Mapping[str, Any] = field(default_factory=dict[str, Any])
    open_browser: bool = False
    quick_test: bool = False
    verbose: str = "INFO"
    log_stdout: bool = False
    log_json: bool = False
    announce: bool = True
    argv: tuple[str, ...] = ()

    @property
    def local_only(self) -> bool:
        """Nobody but this machine can reach the server."""
        return all(host in LOOPBACK or host.startswith("127.") for host in self.hosts)

    @property
    def scheme(self) -> Literal["http", "https"]:
        """How URLs of this server begin."""
        return "https" if self.tls_certificate else "http"
