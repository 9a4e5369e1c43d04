"""Where the tracks of a sprint stand in a picture of what waits for what; pure."""
