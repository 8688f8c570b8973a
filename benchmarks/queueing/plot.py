"""A small picture of how a cost grows with the line: SVG, without a library."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 400
LEFT: Final = 70
BOTTOM: Final = 50
TOP: Final = 40


def growth_svg(series: Mapping[str, Mapping[int, float]], *, title: str, unit: str) -> str:
    """Curves over a logarithmic axis of how many wait. series: by name, the cost by that number."""
    sizes = sorted({size for curve in series.values() for size in curve})
    top = max(cost for curve in series.values() for cost in curve.values()) * 1.1
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: int) -> float:
        return LEFT + (math.log10(size) - low) / (high - low) * (WIDTH - LEFT - 20)

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - cost / top * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24">{title}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">waiting</text>',
    ]
    parts += [
        f'<text x="{x(size):.1f}" y="{HEIGHT - 30}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    ]
    parts += [
        f'<text x="{LEFT - 8}" y="{y(cost):.1f}" text-anchor="end">{cost:.2g} {unit}</text>'
        f'<path d="M{LEFT} {y(cost):.1f}H{WIDTH - 20}" stroke="#ddd"/>'
        for cost in (0.0, top / 2, top)
    ]
    for colour, (name, curve) in zip(("#1659b5", "#c2410c", "#777"), series.items(), strict=False):
        points = " ".join(f"{x(size):.1f},{y(cost):.1f}" for size, cost in sorted(curve.items()))
        last = max(curve)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts.append(
            f'<text x="{x(last) - 6:.1f}" y="{y(curve[last]) - 8:.1f}" text-anchor="end" '
            f'fill="{colour}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def write(svg: str, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(svg, encoding="utf-8")
