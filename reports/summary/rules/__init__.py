"""By which rules the machine drafts sentences; pure.

Each rule looks at the facts and gives sentences, or nothing: "{{track.A.fixed}} tests …". A quantity is a
placeholder always. What people called something is not in here: a draft is Markdown, and a name could be read
as that; the keys of tracks cannot.

telling    how a rule names a figure
overview   summary and conclusion
good       achievements
bad        concerns
"""

from reports.summary.rules.bad import concerns
from reports.summary.rules.good import achievements
from reports.summary.rules.overview import conclusion, summary

__all__ = ["achievements", "concerns", "conclusion", "summary"]
