"""What sources say of tests: read by their syntax trees, never imported or run; pure."""
