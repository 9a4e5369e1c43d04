"""Runs a branch's tests and says what happened, as an iterator of events. No Django, no database.

spec.py          what to run, frozen; and where runs keep their things
git.py           mirror ──> workspace at a SHA; what a commit holds
environment.py   the workspace's Python environment, built once per key
sandbox.py       how a command is kept apart from this machine
processes.py     a command as an iterator: log, heartbeats, its end
recorder.py      the pytest plugin inside the run (stdlib only, copied there alone)
recording.py     the recorder's lines ──> events
runner.py        all of it in order: ``for event in run(spec, places)``
"""
