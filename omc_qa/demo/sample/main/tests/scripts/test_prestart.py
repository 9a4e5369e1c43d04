from unittest.mock import MagicMock, Mock

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from scripts import prestart


def engine(*answers):
    """An engine whose connections are answered in this order: True, or not at all."""
    made = MagicMock()
    trouble = OperationalError("SELECT 1", {}, Exception("connection refused"))
    made.connect.return_value.__enter__.return_value.execute.side_effect = [None if ok else trouble for ok in answers]
    return made


def test_a_database_that_answers():
    assert prestart.wait(create_engine("sqlite://")) == 1


@pytest.mark.parametrize("failures", [1, 3])
def test_patience(failures):
    assert prestart.wait(engine(*[False] * failures, True), sleep=Mock()) == failures + 1


def test_patience_ends():
    with pytest.raises(TimeoutError, match="did not answer in 2 attempts"):
        prestart.wait(engine(False, False), attempts=2, sleep=Mock())


def test_a_pause_between_the_attempts():
    sleep = Mock()
    prestart.wait(engine(False, False, True), sleep=sleep)
    sleep.assert_called_twice()


def test_no_pause_after_the_last_attempt():
    sleep = Mock()
    with pytest.raises(TimeoutError):
        prestart.wait(engine(False, False), attempts=2, sleep=sleep)
    sleep.assert_called_one_time_with(1.0)
