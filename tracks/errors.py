"""The two families of errors: the branch's fault, and ours. Each says what happened and what to do."""


class QAError(Exception):
    """``str(error)`` is one sentence for a person; ``detail`` is its evidence, as plain text.

    ``remedy`` says what to do about it and may be empty.
    """

    def __init__(self, message: str, *, remedy: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.detail = detail


class SubjectError(QAError):
    """The branch under test, its settings or its repository are at fault: the run is BROKEN."""


class ToolError(QAError):
    """OMC QA or its machine is at fault: the run is FAULTED."""


class InvalidInput(QAError):
    """What a person or a caller asked for cannot be done as asked; nothing was changed.

    ``field`` names the form field or the parameter at fault, if it is one.
    """

    def __init__(self, message: str, *, remedy: str = "", detail: str = "", field: str = "") -> None:
        super().__init__(message, remedy=remedy, detail=detail)
        self.field = field


class NotPermitted(QAError):
    """The person may not do this; the message says who may."""


class LeaseLost(QAError):
    """This worker no longer holds the run: it was cancelled, or another worker took it over."""
