"""How far the tracks of a sprint are from being merged: gates, decision and recommendation of each.

tracks in the order of their dependencies:
    facts (gate_queries) + what it waits for ──gates.evaluate──> gates ─┐
    decisions (decision_queries) ───────────────decisions.stand_of──────┴──> Readiness ──> what waits for it
"""
