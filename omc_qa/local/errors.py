class LocalError(Exception):
    """The machine does not let us start or stop something; the message says what to do."""
