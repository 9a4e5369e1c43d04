"""What the gates speak for, with the reasons as sentences; pure."""
