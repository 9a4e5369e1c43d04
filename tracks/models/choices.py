from enum import StrEnum

from django.db.models import Q


def choices(vocabulary: type[StrEnum]) -> list[tuple[str, str]]:
    """A StrEnum as Django's choices."""
    return [(member.value, member.value) for member in vocabulary]


def one_of(field: str, vocabulary: type[StrEnum]) -> Q:
    """The condition of a CheckConstraint: the field holds a word of the vocabulary."""
    return Q(**{f"{field}__in": [member.value for member in vocabulary]})
