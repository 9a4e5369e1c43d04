"""What the durations of two runs say of the machine and of the noise, in a sentence; pure.

Pace(compared=579, shift=1.3, spread=1.08, …)
    ──> "The head's machine took 1.3 times as long; beside that, tests differ by 8 % from run to run. …"
"""

from reports.pace import FACTOR, SECONDS, Pace

EVEN = 0.02
"""Of a machine that differs by less nothing is said."""


def in_words(pace: Pace) -> str:
    """How the machines compare, how much tests differ anyway, and what is called slower."""
    if not pace.compared:
        return "No test passed in both runs: their durations say nothing."
    noise = f"beside that, tests differ by {(pace.spread - 1) * 100:.0f} % from run to run"
    return (
        f"{_machine(pace.shift)}; {noise}. "
        f"Of {pace.compared} that passed in both, {len(pace.slower)} took at least {FACTOR} times as long as "
        f"that explains, {SECONDS} s longer, and longer than in the runs before."
    )


def _machine(shift: float) -> str:
    if abs(shift - 1) < EVEN:
        return "The head's machine was as fast as the base's"
    if shift > 1:
        return f"The head's machine took {shift:.2g} times as long"
    return f"The head's machine was faster: it took {shift:.2g} of the time"
