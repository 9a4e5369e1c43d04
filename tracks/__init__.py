"""Facts: what was run, what came out, what people said and did.

Never imports ``reports``: a run's end is announced by the signal ``tracks.signals.run_ended``.
"""
