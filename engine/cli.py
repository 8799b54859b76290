"""The command `loom`: reads the command line, hands over, turns errors into exit codes.

0 all is well, 1 something is wrong with a workflow or its files, 2 the command line makes no
sense, 130 interrupted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    name="loom",
    help="Run, check, convert and serve Stable-Diffusion workflows; make pictures from one line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Base = Annotated[
    Path | None,
    typer.Option(
        "--base-directory",
        envvar="LOOM_BASE",
        help="Folder with models/, input/ and output/; the checkout or the current folder if left "
        "out.",
    ),
]
File = Annotated[
    str, typer.Argument(metavar="FILE", help="API or UI JSON, a PNG or WebP with one, or - .")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.callback()
def _options(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks; any command.")] = False,
) -> None:
    del debug  # `main` takes it out of the arguments, wherever it stands


@app.command()
def run(  # noqa: PLR0913 - a command line has as many options as it has
    *,
    file: File,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NODE.input=VALUE", help="Change an input; NODE = id, title or type."
        ),
    ] = None,
    sweeps: Annotated[
        list[str] | None,
        typer.Option(
            "--sweep",
            metavar="NODE.input=a..b|a,b,c",
            help="Run once for each value; several make a product.",
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--csv", metavar="ROWS.CSV", help="Run once for each row; columns NODE.input."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Save here instead of in output/.")
    ] = None,
    as_json: AsJson = False,
    base: Base = None,
) -> None:
    """Run a workflow and print the paths of what it saved."""
    from engine.command.run import RunOrder, run_workflow

    order = RunOrder(
        file=file,
        settings=tuple(settings or ()),
        sweeps=tuple(sweeps or ()),
        table=table,
        output=output,
        as_json=as_json,
    )
    raise typer.Exit(run_workflow(order, base))


@app.command()
def dream(  # noqa: PLR0913 - as above
    *,
    prompt: Annotated[
        str | None,
        typer.Argument(help="What to draw; without it, `!dream` lines are read from stdin."),
    ] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=1000, help="Number of pictures.")] = 1,
    seed: Annotated[
        int | None,
        typer.Option("-S", min=0, max=2**64 - 1, help="Picture k (from 0) has seed SEED + k."),
    ] = None,
    steps: Annotated[int | None, typer.Option("-s", min=1, max=10_000)] = None,
    cfg: Annotated[float | None, typer.Option("-C", min=0, max=100)] = None,
    width: Annotated[int | None, typer.Option("-W", min=16, max=16384)] = None,
    height: Annotated[int | None, typer.Option("-H", min=16, max=16384)] = None,
    negative: Annotated[str | None, typer.Option("-N", help="What not to draw.")] = None,
    individual: Annotated[
        bool, typer.Option("-i", help="Save each picture by itself, not one grid.")
    ] = False,
    base: Base = None,
) -> None:
    """Draw pictures from one line of text; print their paths."""
    from engine.command.dream import dream_from_lines, dream_once
    from engine.command.dream_line import DreamLine

    if prompt is None or prompt == "-":
        raise typer.Exit(dream_from_lines(sys.stdin, base))
    asked = DreamLine(
        prompt=prompt,
        negative=negative,
        count=count,
        seed=seed,
        steps=steps,
        cfg=cfg,
        width=width,
        height=height,
        individual=individual,
    )
    raise typer.Exit(dream_once(asked, base))


@app.command()
def validate(*, file: File, as_json: AsJson = False, base: Base = None) -> None:
    """Tell everything that is wrong with a workflow, without running it."""
    from engine.command.validate import validate_workflow

    raise typer.Exit(validate_workflow(file, base, as_json=as_json))


@app.command()
def convert(
    *,
    file: File,
    to: Annotated[Literal["api", "ui", "python"], typer.Option("--to", help="Form to write.")],
    base: Base = None,
) -> None:
    """Write a workflow in another form to stdout."""
    from engine.command.convert import convert_workflow

    raise typer.Exit(convert_workflow(file, to, base))


@app.command()
def nodes(
    *,
    name: Annotated[str | None, typer.Argument(help="One kind of node, with its inputs.")] = None,
    stubs: Annotated[
        bool, typer.Option("--stubs", help="Print Python stubs of all nodes, for editors.")
    ] = False,
    as_json: AsJson = False,
    base: Base = None,
) -> None:
    """List the kinds of nodes, or explain one."""
    from engine.command.nodes import list_nodes, print_stubs, show_node

    if stubs:
        raise typer.Exit(print_stubs(base))
    if name is None:
        raise typer.Exit(list_nodes(base, as_json=as_json))
    raise typer.Exit(show_node(name, base, as_json=as_json))


@app.command()
def cache(
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Delete all cached results.")] = False,
    base: Base = None,
) -> None:
    """Tell what the results cache holds on disk."""
    from engine.command.cache import show_cache

    raise typer.Exit(show_cache(base, clear=clear))


@app.command()
def doctor(*, as_json: AsJson = False, base: Base = None) -> None:
    """Tell what is here, what is wrong, and how to mend it."""
    from engine.command.doctor import examine

    raise typer.Exit(examine(base, as_json=as_json))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def serve(  # noqa: PLR0913 - as above
    *,
    context: typer.Context,
    host: Annotated[
        list[str] | None,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Address to listen on, 127.0.0.1 if left out; any other one wants a token.",
        ),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8188,
    web_root: Annotated[
        str | None,
        typer.Option(
            "--web-root", metavar="DIR|comfyui", help="Front end to serve at / instead of ours."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output-directory", help="Save here instead of in output/.")
    ] = None,
    input_: Annotated[
        Path | None, typer.Option("--input-directory", help="Pictures to load.")
    ] = None,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", metavar="NAME", help="A name of this server, of a proxy."),
    ] = None,
    cpu: Annotated[bool, typer.Option("--cpu", help="Use no accelerator.")] = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Worker processes; one for each device."),
    ] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="The log is JSON, one object a line.")
    ] = False,
    base: Base = None,
) -> None:
    """Serve ComfyUI's HTTP and WebSocket interface over a queue that survives restarts.

    The flags of ComfyUI's server are taken too: --listen, --cache-lru N, ...; see docs/server.md.
    """
    from engine.command.serve import run_server
    from engine.command.serve_options import ServeOrder

    order = ServeOrder(
        hosts=tuple(host or ()),
        port=port,
        web_root=web_root,
        base=base,
        output=output,
        input=input_,
        allowed_hosts=tuple(allowed_host or ()),
        cpu=cpu,
        workers=workers,
        log_json=log_json,
        rest=tuple(context.args),
    )
    raise typer.Exit(run_server(order, sys.argv))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code.

    Args:
        arguments: Instead of those of this process.
    """
    from engine.command.failure import exit_code

    given = list(sys.argv[1:] if arguments is None else arguments)
    arguments = [argument for argument in given if argument != "--debug"]
    debug = len(arguments) < len(given)
    sys.exit(exit_code(lambda: app(arguments, standalone_mode=False), debug=debug))
