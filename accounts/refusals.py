"""What the domain says no with: small exceptions that carry a sentence fit for the person."""


class Refusal(Exception):
    """An act that a rule forbids. `str()` is the (translated) sentence, `status` the HTTP status it maps to."""

    status = 422

    def __init__(self, sentence: object, **detail: object) -> None:
        super().__init__(sentence)
        self.detail = detail

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(Refusal):
    """The person may see this, but may not do it."""

    status = 403


class Conflict(Refusal):
    """What the person looked at has changed since; `detail` holds what is there now."""

    status = 409
