"""Draws docs/measurements into docs/images and the tables of docs/benchmarks.md: `make plots`.

In docs/benchmarks.md, what stands between `<!-- NAME -->` and `<!-- end -->` is written here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Dict, List

from benchmarks.machine import KEPT, ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
IMAGES = ROOT / "docs" / "images"
# What is asked of a measurement, as ours / stock; None: nothing is.
ASKED: Dict[str, float] = {
    "ready, s": 1 / 3,
    "memory, MB": 1 / 3,
    "turn, median ms": 1 / 5,
    "turns a second, 16 clients": 5,
}
MORE_IS_BETTER = ("turns a second, 16 clients",)
SHORT = ("clients", "seconds", "turns", "without an answer", "turns a second")
TIMES = ("median ms", "95th percentile ms", "99th percentile ms", "longest ms")


def measured(name: str) -> Dict[str, Any]:
    """A measurement kept; FileNotFoundError where there is none."""
    return dict(json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8")))


def on(results: Dict[str, Any]) -> str:
    machine = results["machine"]
    return (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory']}, {machine['system']}, "
        f"Python {machine['python']}, {results['date']}."
    )


def bench_table(results: Dict[str, Any]) -> str:
    ours, stock = results["this bot"], results["stock"]
    lines = [on(results), "", "| | this bot | stock | ratio | asked for |", "|---|---|---|---|---|"]
    for key, value in ours.items():
        ratio = value / stock[key]
        asked = ASKED.get(key)
        lines.append(f"| {key} | {value:g} | {stock[key]:g} | {ratio:.2f} | {_asked(key, ratio, asked)} |")
    long = ours["turn 200 of it, ms"] / ours["turn 5 of a conversation, ms"]
    lines += ["", f"Turn 200 of a conversation takes {long:.2f} times turn 5 (at most 1.5 asked for)."]
    return "\n".join(lines)


def _asked(key: str, ratio: float, asked: Any) -> str:
    if asked is None:
        return ""
    held = ratio >= asked if key in MORE_IS_BETTER else ratio <= asked
    return (
        f"{'at least' if key in MORE_IS_BETTER else 'at most'} {asked:.2g}: {'reached' if held else '**not reached**'}"
    )


def people_table(results: Dict[str, Any]) -> str:
    rows = [f"| {name} | {results[name]:g} |" for name in (*SHORT, *TIMES)]
    memory = results["memory, MB"]
    rows.append(f"| memory at the start and at the end, MB | {memory[0][1]:g}, {memory[-1][1]:g} |")
    return "\n".join([on(results), "", "| | |", "|---|---|", *rows])


def draw_bench(results: Dict[str, Any], path: Path) -> None:
    """A bar a measurement: how many times better than stock, and what was asked for."""
    import matplotlib.pyplot as plt

    ours, stock = results["this bot"], results["stock"]
    names = [name for name in ours if not name.startswith("turn 5 ")]
    times = [ours[n] / stock[n] if n in MORE_IS_BETTER else stock[n] / ours[n] for n in names]
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    bars = axes.barh(names, times, color="#1f5f8b")
    axes.bar_label(bars, [f"{value:.1f} times" for value in times], padding=4)
    for at, name in enumerate(names):
        if name in ASKED:
            asked = ASKED[name] if name in MORE_IS_BETTER else 1 / ASKED[name]
            axes.plot([asked, asked], [at - 0.4, at + 0.4], color="#b3261e")
    axes.invert_yaxis()
    axes.set_xlim(0, max(times) * 1.25)
    axes.set_title("Better than Rasa as shipped (red: what is asked for)", fontsize=10)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def draw_people(results: Dict[str, Any], path: Path) -> None:
    """Latency and memory over time."""
    import matplotlib.pyplot as plt

    figure, (above, below) = plt.subplots(2, 1, figsize=(7, 4), sharex=True, layout="constrained")
    for name, colour in (("median ms", "#1f5f8b"), ("95th percentile ms", "#b3261e")):
        curve: List[List[float]] = results[f"{name} over time"]
        above.plot([at for at, _ in curve], [value for _, value in curve], label=name, color=colour)
    above.set_ylim(bottom=0)
    above.legend()
    memory = results["memory, MB"]
    below.plot([at for at, _ in memory], [value for _, value in memory], color="#1f5f8b")
    below.set_ylim(0, 1.2 * max(value for _, value in memory))
    below.set_ylabel("memory, MB")
    below.set_xlabel("seconds")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


TABLES = {"bench": bench_table, "load": people_table, "soak": people_table}
DRAWN = {"bench": draw_bench, "load": draw_people, "soak": draw_people}


def written(page: str) -> str:
    """The page with its tables as measured."""
    for name, table in TABLES.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = table(measured(name))
        page = between.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page)  # type: ignore[misc]
    return page


def main() -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "cacima"
    IMAGES.mkdir(exist_ok=True)
    for name, draw in DRAWN.items():
        draw(measured(name), IMAGES / f"{name}.svg")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
