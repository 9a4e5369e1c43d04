"""Which tracks fail together only, found by running smaller combinations; pure."""
