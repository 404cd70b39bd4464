"""Run one measurement, or all: a table on the terminal, a flat object of numbers in build/bench/NAME.json."""

import json
import sys
from pathlib import Path

from bench import contract, filemon, procmon
from bench.watching import scenarios

BENCHES = {
    "contract": contract.measure,
    "filemon": filemon.measure,
    "procmon": procmon.measure,
    "scenarios": scenarios.measure,
}
OUTPUT = Path("build/bench")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench named {unknown[0]!r}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name in names or BENCHES:
        figures = BENCHES[name]()
        (OUTPUT / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
        width = max(map(len, figures))
        print(f"{name}\n" + "\n".join(f"  {key.ljust(width)}  {value:.4g}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
