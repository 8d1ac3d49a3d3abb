"""A model's graph run in an order found once.

Replaces: rasa.engine.runner.dask.DaskGraphRunner.run, which prunes, sorts and schedules the same few nodes anew for
every message and every prediction, and writes all that goes in into a debug line nobody reads (half of a turn's time).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple


def apply() -> None:
    from rasa.engine.runner.dask import DaskGraphRunner

    if not getattr(DaskGraphRunner.run, "adapted", False):
        run.adapted = True  # type: ignore[attr-defined]
        DaskGraphRunner.run = run


def run(self: Any, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None) -> Dict[str, Any]:
    """As Rasa's: the output of each target by its name. Raises GraphRunError, and what the nodes raise."""
    from rasa.engine.exceptions import GraphRunError

    wanted = tuple(targets if targets else self._graph_schema.target_names)
    known: Dict[Tuple[str, ...], List[Tuple[str, List[str]]]] = self.__dict__.setdefault("_orders", {})
    if wanted not in known:
        known[wanted] = _order(self._graph_schema.minimal_graph_schema(list(wanted)))
    done: Dict[str, Any] = {}
    graph = {name: None for name, _ in known[wanted]}
    self._add_inputs_to_graph(inputs, graph)
    done.update({name: value for name, value in graph.items() if value is not None})
    try:
        for name, needs in known[wanted]:
            done[name] = self._instantiated_nodes[name](*[done.get(need, need) for need in needs])
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(done[name] for name in wanted)


def _order(schema: Any) -> List[Tuple[str, List[str]]]:
    """The nodes of a schema with what they need, each after those it needs."""
    ordered: Dict[str, List[str]] = {}

    def add(name: str) -> None:
        if name in schema.nodes and name not in ordered:
            needs = list(schema.nodes[name].needs.values())
            for need in needs:
                add(need)
            ordered[name] = needs

    for name in schema.nodes:
        add(name)
    return list(ordered.items())
