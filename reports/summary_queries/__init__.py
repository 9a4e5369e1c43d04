"""The bridge from the database to the report.

facts_of(sprint)  ──> SummaryFacts, what the report is made of, in a number of queries that grows with nothing
answer(query)     ──> the value of one figure, asked for by itself: what proves the report
"""

from reports.summary_queries.facts import facts_of

__all__ = ["facts_of"]
