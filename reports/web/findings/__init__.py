"""The pages of findings: lists, one finding, its form, and what is open on a branch."""
