"""What measures the project; never imported by it."""
