"""Loops: a start, an end, and between them the nodes that run again and again.

The end looks at the graph and returns copies of the nodes between it and its start, so every
round is made of ordinary nodes: cached one by one, interruptible, nestable. A loop that grows from
10 to 12 rounds runs two.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from engine import (
    Autogrow,
    Blocker,
    Context,
    Hidden,
    InputError,
    Link,
    Node,
    Number,
    Output,
    Socket,
    Subgraph,
    node,
)
from nodes.loop_body import (
    FIRST_VALUE,
    INDEX,
    START,
    STAYING,
    Body,
    Move,
    body_of,
    gate_id,
    round_ids,
)

CATEGORY = "logic/loops"
SLOTS = 8

Round = Annotated[int, Hidden()]
Carried = Annotated[Mapping[str, Any], Autogrow(0, SLOTS, prefix="value")]
CarriedLinks = Annotated[Mapping[str, Link], Autogrow(0, SLOTS, prefix="value")]
LoopLink = Annotated[Link, Socket("LOOP")]


class Started(NamedTuple):
    """What the nodes of a loop work with in one round.

    Attributes:
        loop: Leads to the end of the loop.
        counted: How many rounds came before.
        value0: Carried from round to round.
    """

    loop: Annotated[object, Socket("LOOP")]
    counted: Annotated[int, Output("index")]
    value0: Any
    value1: Any
    value2: Any
    value3: Any
    value4: Any
    value5: Any
    value6: Any
    value7: Any


class Ended(NamedTuple):
    """What a loop leaves.

    Attributes:
        value0: As the last round left it.
        collected: What the rounds gave to `collect`, in order.
    """

    value0: Any
    value1: Any
    value2: Any
    value3: Any
    value4: Any
    value5: Any
    value6: Any
    value7: Any
    collected: list[Any]


class Left(NamedTuple):
    """What a loop leaves.

    Attributes:
        value0: As it entered the round that did not take place any more.
    """

    value0: Any
    value1: Any
    value2: Any
    value3: Any
    value4: Any
    value5: Any
    value6: Any
    value7: Any


def _shows_rounds(*, context: Context) -> float | None:
    """Return NaN where rounds save or show something that the end of the loop does not depend on.

    The key of the end does not cover such nodes, so it looks at them each time.
    """
    link = context.graph.nodes[context.node_id].inputs.get("loop")
    if not isinstance(link, Link) or link.node not in context.graph.nodes:
        return None
    body = body_of(context.graph, link, context.node_id, context.prompt)
    return math.nan if body.leaves else None


@node(START, category=CATEGORY, title="Loop Start", search_aliases=("for", "while", "repeat"))
def loop_start(*, values: Carried, round: Round = 0) -> Started:  # noqa: A002 - the word for it
    """Begin a loop.

    Link `loop` to the end of the loop, and what the rounds work with to `value0`, `value1`, ...
    Nodes that save or show something and hang on the start run in every round, in the first one
    even of a loop of none.

    Args:
        values: What the first round begins with.
        round: Set by the end of the loop.
    """
    carried = (values.get(f"value{slot}", _absent(slot)) for slot in range(SLOTS))
    return Started(None, round, *carried)


@node(
    "ForLoopEnd",
    category=CATEGORY,
    title="For Loop End",
    fingerprint=_shows_rounds,
    search_aliases=("repeat", "count"),
)
def for_loop_end(
    *,
    loop: LoopLink,
    count: Annotated[int, Number(0, 1_000_000)] = 1,
    collect: Link | None = None,
    values: CarriedLinks,
    context: Context,
) -> Ended | Subgraph:
    """Run the nodes since the start of the loop a number of times.

    Args:
        loop: From the start of the loop.
        count: How many rounds.
        collect: Each round's value of this becomes an item of `collected`.
        values: What the next round begins with; a value not linked here stays as it is.
    """
    body = body_of(context.graph, loop, context.node_id, context.prompt)
    carried, move = body.entering(), STAYING
    nodes: dict[str, Node] = {}
    collected: dict[str, Any] = {}
    for index in range(count):
        if index:
            ids = round_ids(context.node_id, index, (*body.needed, *body.leaves))
            move = Move(ids, _start_outputs(body, index, carried))
            nodes |= {ids[old]: move.node(context.graph.nodes[old]) for old in ids}
        carried = carried | {name: move.value(value) for name, value in values.items()}
        if collect is not None:
            collected[f"values.value{index}"] = move.value(collect)
    collector = Node(id=f"{context.node_id}.collected", type="LoopCollected", inputs=collected)
    nodes[collector.id] = collector
    return Subgraph(nodes=nodes, outputs=(*_outputs(carried), Link(collector.id, 0)))


@node(
    "WhileLoopEnd",
    category=CATEGORY,
    title="While Loop End",
    fingerprint=_shows_rounds,
    search_aliases=("repeat", "until"),
)
def while_loop_end(
    *,
    loop: LoopLink,
    condition: bool,
    limit: Annotated[int, Number(1, 1_000_000)] = 1000,
    values: CarriedLinks,
    round: Round = 0,  # noqa: A002
    context: Context,
) -> Left | Subgraph:
    """Run the nodes since the start of the loop as long as a condition holds.

    The condition is asked before each round, of the values that enter it. Nothing of a round that
    does not take place is computed besides the condition.

    Args:
        loop: From the start of the loop.
        condition: Whether there is a round, or one more.
        limit: More rounds than this are an error.
        values: What the next round begins with; a value not linked here stays as it is.
        round: Set by the loop itself.
    """
    body = body_of(context.graph, loop, context.node_id, context.prompt)
    carried = body.entering()
    if not condition:
        return Subgraph(nodes={}, outputs=_outputs(carried))
    if round >= limit:
        raise InputError(
            f"the loop did not end after {limit} rounds",
            input="condition",
            hint="mend the condition, or raise the limit",
        )
    root = context.node_id.rsplit(".", 2)[0] if round else context.node_id
    copied = (body.start.id, context.node_id, *body.needed, *body.leaves)
    move = Move(round_ids(root, round + 1, copied), {})
    nodes = {old: move.node(context.graph.nodes[old]) for old in copied}
    begun = {**carried, **values}
    _set(nodes, body.start.id, {f"values.{name}": value for name, value in begun.items()})
    for old in (body.start.id, context.node_id):
        _set(nodes, old, {"round": round + 1})
    end = nodes[context.node_id]
    gates: list[Node] = []
    if round == 0:  # later rounds are copies of gated ones
        gates = _gate(nodes, body.leaves, end.inputs["condition"], root)
    left = {name: Link(end.id, int(name.removeprefix("value"))) for name in begun}
    made = {made.id: made for made in (*nodes.values(), *gates)}
    return Subgraph(nodes=made, outputs=_outputs(left))


@node("LoopCollected", category=CATEGORY, title="Collected Rounds", deprecated=True)
def loop_collected(
    *, values: Annotated[tuple[list[Any], ...], Autogrow(0, 1_000_000, prefix="value")]
) -> Annotated[list[Any], Output("collected")]:
    """Make a list of what the rounds of a loop gave; made by the end of a loop."""
    return [item for items in values for item in items]


def _absent(slot: int) -> Blocker:
    return Blocker(f"the loop carries no value{slot}")


def _outputs(carried: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(carried.get(f"value{slot}", _absent(slot)) for slot in range(SLOTS))


def _start_outputs(body: Body, index: int, carried: Mapping[str, Any]) -> dict[Link, Any]:
    """Return what takes the place of links to the start in a later round."""
    values = {
        Link(body.start.id, FIRST_VALUE + int(name.removeprefix("value"))): value
        for name, value in carried.items()
    }
    return {Link(body.start.id, INDEX): index, **values}


def _set(nodes: dict[str, Node], name: str, inputs: Mapping[str, Any]) -> None:
    old = nodes[name]
    merged = {**old.inputs, **inputs}
    nodes[name] = Node(old.id, old.type, merged, display_id=old.display_id)


def _gate(
    nodes: dict[str, Node], leaves: tuple[str, ...], condition: Any, prefix: str
) -> list[Node]:
    """Let what saves or shows the next round wait for the condition of that round."""
    made = {node.id for node in nodes.values()}
    inner = {nodes[leaf].id for leaf in leaves}
    gates: list[Node] = []
    for leaf in leaves:
        for name, link in nodes[leaf].links():
            if link.node in made and link.node not in inner:
                gate = Node(
                    id=gate_id(prefix, 1, len(gates)),
                    type="Gate",
                    inputs={"condition": condition, "value": link},
                    display_id=nodes[leaf].display_id,
                )
                gates.append(gate)
                _set(nodes, leaf, {name: Link(gate.id, 0)})
    return gates
