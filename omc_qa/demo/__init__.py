"""The sample sprint: a generated repository and what its tester runs of it."""
