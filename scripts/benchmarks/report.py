"""What is printed: one row for each figure."""

import dataclasses


@dataclasses.dataclass
class Report:
    """Prints rows as they come, and counts them."""

    met: int = 0
    short: int = 0
    missing: int = 0

    def heading(self, topic: str) -> None:
        print(f"\n{topic}", flush=True)

    def bar(self, what: str, figure: str, bar: str, is_met: bool) -> None:
        """A figure that is to reach something."""
        self.met += is_met
        self.short += not is_met
        self._row(what, figure, f"{bar}: {'met' if is_met else 'FALLS SHORT'}")

    def at_least(self, what: str, rate: float, yardstick: float, of: str, least: float, unit: str = "/s") -> None:
        """A rate beside that of a yardstick."""
        ratio = rate / yardstick
        self.bar(what, f"{number(rate)}{unit}", f"{ratio:.2f} of {of}, {number(yardstick)}{unit}; at least {least:g}",
                 ratio >= least)

    def note(self, what: str, figure: str, remark: str = "") -> None:
        """A figure without a bar."""
        self._row(what, figure, remark)

    def not_measured(self, what: str, why: str) -> None:
        self.missing += 1
        self._row(what, "not measured", why)

    def summary(self) -> None:
        print(f"\n{self.met} met, {self.short} fall short, {self.missing} not measured", flush=True)

    @staticmethod
    def _row(what: str, figure: str, remark: str) -> None:
        print(f"  {what:<52} {figure:>16}   {remark}".rstrip(), flush=True)


def number(value: float) -> str:
    """Three digits that matter."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
