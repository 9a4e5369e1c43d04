"""What the runs of the single tracks predict of all of them together; pure."""
