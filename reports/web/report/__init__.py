"""The pages of the Test Summary Report: read, write, publish, compare, share."""
