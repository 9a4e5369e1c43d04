"""Why a decision does not count any more; pure."""
