"""Runs a branch's tests and says what happened, as an iterator of events. No Django, no database.

spec.py          what to run, frozen; and where runs keep their things
git.py           mirror ──> workspace at a SHA; what a commit holds; remote.py, lfs.py; submodules.py and
                 allowance.py, what they may take
environment.py   the workspace's Python environment, built once per key by builder.py, kept within a size
                 by eviction.py
setups.py        which commands build it; lockfiles.py, pythons.py, indexes.py
sandbox.py       how the commands of a run are kept apart from this machine; bubblewrap.py, seccomp.py
session.py       one jail from its start to its end; keeper.py is its other side
services.py      the run's own PostgreSQL and Redis; servers.py, binaries.py
processes.py     a command as an iterator: log, heartbeats, its end
watch.py         the limits of a command; usage.py measures, progress.py knows the test that runs
recorder/        the pytest plugin inside the run (stdlib only, copied there alone)
recording.py     what makes pytest load it
tail.py          the recorder's lines ──> events
masking.py       events ──> the same without the run's secrets
stages.py        before, test, after
runner.py        all of it in order: ``for event in run(spec, places)``
"""
