"""What ``tracks`` announces to whoever listens; it knows no listener."""

from django.dispatch import Signal

run_ended = Signal()
"""Sent with ``run`` after the transaction in which a run reached its last state was committed."""

heads_noted = Signal()
"""Sent by a worker with ``project`` after it, or a page, has looked at the heads of its branches. Who
listens may take long, and may raise QAError."""
