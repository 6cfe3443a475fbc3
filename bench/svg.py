"""Just enough SVG for a plot that is read in a README, in light or dark: shapes, text, and a place to put them."""

import math
from html import escape
from pathlib import Path

INK, FAINT, RULE = "#1f2933", "#66727f", "#d5dbe1"
FONT = "font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\""


def ticks(high: float, about: int = 6) -> list[float]:
    """Round numbers from zero up to `high`."""
    size = 10 ** math.floor(math.log10(high / about))
    step = next(size * by for by in (1, 2, 5, 10) if size * by * about >= high)
    return [step * number for number in range(int(high / step) + 1)]


class Drawing:
    """A picture of `width` × `height` px; what is drawn later lies on top."""

    def __init__(self, width: float, height: float, *, title: str) -> None:
        self.width, self.height, self._title = width, height, title
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 2) -> None:
        """A filled box."""
        size = f'width="{max(width, 0):.1f}" height="{height:.1f}"'
        self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size} rx="{radius}" fill="{fill}"/>')

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = RULE, *, width: float = 1, dash: str = ""
    ) -> None:
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self._parts.append(f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashes}/>')

    def path(self, points: list[tuple[float, float]], colour: str, *, width: float = 2) -> None:
        """A line through points."""
        steps = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self._parts.append(
            f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'
        )

    def dot(self, x: float, y: float, colour: str, *, hollow: bool = False) -> None:
        """A data point."""
        look = f'fill="#ffffff" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" {look}/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 12,
        colour: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """One line of text; `y` is its baseline, `anchor` start, middle or end."""
        weight = ' font-weight="600"' if bold else ""
        place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
        self._parts.append(f'<text {place} font-size="{size}" fill="{colour}"{weight}>{escape(words)}</text>')

    def save(self, path: Path) -> None:
        """Write the file."""
        box = f'width="{self.width:.0f}" height="{self.height:.0f}" viewBox="0 0 {self.width:.0f} {self.height:.0f}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" {FONT}><title>{escape(self._title)}</title>'
        ground = f'<rect width="{self.width:.0f}" height="{self.height:.0f}" fill="#ffffff"/>'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([head, ground, *self._parts, "</svg>", ""]), encoding="utf-8")
