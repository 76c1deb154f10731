# SPDX-License-Identifier: Apache-2.0
"""Rows of results and how they are shown."""

from dataclasses import dataclass

from measuring.rounds import middle, times_better


@dataclass
class Row:
    what: str
    ours: str
    peer: str
    ratio: tuple | None = None  # median, least, largest
    aim: float | None = None
    note: str = ""  # stands where a ratio has no meaning

    @classmethod
    def of(cls, what, unit, ours, theirs, quantity, aim=None, more_is_better=False):
        pair = (theirs, ours) if more_is_better else (ours, theirs)
        return cls(what, figure(middle(ours, quantity), unit),
                   figure(middle(theirs, quantity), unit), times_better(*pair, quantity), aim)

    def cells(self):
        return [self.what, self.ours, self.peer, self._ratio(), self._aim()]

    def _ratio(self):
        if self.ratio is None:
            return self.note or "-"
        value, least, largest = self.ratio
        spread = "" if least == largest else f" ({number(least)} to {number(largest)})"
        return f"**{number(value)}**{spread}"

    def _aim(self):
        if self.aim is None or self.ratio is None:
            return ""
        met = self.ratio[0] >= self.aim
        return f"{number(self.aim)}: {'met' if met else 'NOT met'}"


def number(value):
    """Three digits that count, without an exponent."""
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:#.3g}".rstrip("0").rstrip(".") if abs(value) >= 0.001 else f"{value:.6f}"


def figure(value, unit):
    return f"{number(value)} {unit}".rstrip()


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def section(title, text, rows, peer):
    head = ["", "pgrepl", peer, "times better (least to largest round)", "aim"]
    return f"## {title}\n\n{text}\n\n{table(head, [row.cells() for row in rows])}\n"
