"""On PostgreSQL a standing query is planned once on a connection, and gives the same as ever; SQLite does without."""

import signal
import threading
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import planned
from accounts.models import User
from accounts.prepared import Prepared

pytestmark = pytest.mark.django_db


def named(ids):
    return User.objects.filter(pk__in=ids, name__contains="%").order_by("pk").values_list("pk", flat=True)


def on_postgresql(number: int) -> int:
    return number if connection.vendor == "postgresql" else 0


def statements() -> set[str]:
    """The plans that the server keeps for this connection."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def ids(cast):
    """People whose names hold what the driver, and LIKE, read as something else."""
    User.objects.filter(pk__in=[cast.designer.pk, cast.manager.pk]).update(name="100 %s")
    return sorted(User.objects.values_list("pk", flat=True))


def test_it_is_planned_once_and_asked_by_name(ids):
    prepared, before = Prepared(named, list), statements()
    with CaptureQueriesContext(connection) as captured:
        assert prepared(ids) == prepared(ids[::-1]) == list(named(ids)) != []
    by_name = [query["sql"].startswith('EXECUTE "accounts_user_') for query in captured.captured_queries]
    assert sum(by_name) == on_postgresql(2)
    assert len(statements() - before) == on_postgresql(1)


def test_each_shape_has_its_own_plan_up_to_a_number(ids):
    prepared, before = Prepared(named, list), statements()
    for many in range(1, len(ids) + 1):
        assert prepared(ids[:many]) == list(named(ids[:many]))
    assert len(ids) > planned.SHAPES
    assert len(statements() - before) == on_postgresql(planned.SHAPES)


def test_two_lists_of_as_many_ids_together_are_not_taken_for_each_other(ids):
    def both(some, others):
        return User.objects.filter(pk__in=some).exclude(pk__in=others).order_by("pk").values_list("pk", flat=True)

    prepared = Prepared(both, list, list)
    for some, others in ((ids[:1], ids[1:3]), (ids[:2], ids[1:2])):
        assert prepared(some, others) == [pk for pk in some if pk not in others]


@pytest.mark.django_db(transaction=True)
def test_a_plan_outlives_the_transaction_it_was_made_in(ids):
    prepared = Prepared(named, list)
    with transaction.atomic():
        first = prepared(ids)
        transaction.set_rollback(True)
    assert prepared(ids) == first


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_anew(cast):
    prepared = Prepared(lambda pk: User.objects.filter(pk=pk), int)
    assert prepared(cast.designer.pk) == [cast.designer]
    connection.close()
    assert prepared(cast.designer.pk) == [cast.designer]


@pytest.fixture
def elsewhere():
    """To say something to the server on another connection; None on SQLite, which has no server."""
    if connection.vendor != "postgresql":
        yield None
        return
    other = psycopg2.connect(connection.connection.dsn)
    with other.cursor() as cursor:
        yield cursor
    other.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_ended_is_replaced_when_a_request_begins(cast, elsewhere):
    prepared = Prepared(lambda pk: User.objects.filter(pk=pk), int)
    assert prepared(cast.designer.pk) == [cast.designer]
    if elsewhere:
        elsewhere.execute("SELECT pg_terminate_backend(%s)", [connection.connection.get_backend_pid()])
    connection.close_if_unusable_or_obsolete()
    assert prepared(cast.designer.pk) == [cast.designer]


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_was_interrupted_while_it_was_made_is_made_anew(cast, elsewhere):
    """As a task is that takes too long: the server has the plan, and nobody here knows its name."""
    prepared = Prepared(lambda pk: User.objects.filter(pk=pk), int)
    if elsewhere:
        with pytest.raises(TimeoutError), interrupted(elsewhere):
            prepared(cast.designer.pk)
    assert prepared(cast.designer.pk) == [cast.designer]


@contextmanager
def interrupted(elsewhere):
    """While a table is locked by another, who lets go of it a little later."""

    def interrupt(*_told):
        raise TimeoutError

    elsewhere.execute("LOCK TABLE accounts_user")
    before, let_go = signal.signal(signal.SIGALRM, interrupt), threading.Timer(0.4, elsewhere.connection.rollback)
    let_go.start()
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        yield
    finally:
        let_go.join()
        signal.signal(signal.SIGALRM, before)


def test_behind_a_pooler_nothing_is_planned(ids, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    prepared, before = Prepared(named, list), statements()
    assert prepared(ids) == list(named(ids))
    assert statements() == before


def test_places_are_numbered_and_percent_signs_left():
    assert planned.numbered("a = %s AND b LIKE '%%x' AND c IN (%s, %s)") == "a = $1 AND b LIKE '%x' AND c IN ($2, $3)"
