"""Texts that pytest printed when libraries failed, with ``@`` where the data of the moment stood.

Frames in the middle of a library are left out; the folders are those of no machine.
"""

LIB = "/usr/lib/python3.12/site-packages"
CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n"
CONTEXT = "\n\nDuring handling of the above exception, another exception occurred:\n"

PSYCOPG_REFUSED = f"""\
tests/test_db.py:8: in test_db
    connect()
shop/db.py:106: in connect
    psycopg.connect(url, connect_timeout=2)
{LIB}/psycopg/connection.py:126: in connect
    raise last_ex.with_traceback(None)
E   psycopg.OperationalError: connection failed: connection to server at "127.0.0.1", port @ failed: Connection refused
E   \tIs the server running on that host and accepting TCP/IP connections?"""

PSYCOPG_VALUE = f"""\
shop/db.py:23: in find
    connection.execute(query, [key])
{LIB}/psycopg/connection.py:304: in execute
    raise ex.with_traceback(None)
E   psycopg.errors.InvalidTextRepresentation: invalid input syntax for type uuid: "@"
E   LINE 1: select '@'::uuid
E                  ^"""

DJANGO_DATABASE = (
    f"""\
{LIB}/django/db/backends/utils.py:105: in _execute
    return self.cursor.execute(sql, params)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
{LIB}/psycopg/cursor.py:117: in execute
    raise ex.with_traceback(None)
E   psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "shop_order_slug_key"
E   DETAIL:  Key (slug)=(@) already exists."""
    + CAUSE
    + f"""\
tests/test_orders.py:9: in test_orders
    place(slug)
shop/orders.py:31: in place
    Order.objects.create(slug=slug)
{LIB}/django/db/models/query.py:665: in create
    obj.save(force_insert=True, using=self.db)
{LIB}/django/db/utils.py:91: in __exit__
    raise dj_exc_value.with_traceback(traceback) from exc_value
{LIB}/psycopg/cursor.py:117: in execute
    raise ex.with_traceback(None)
E   django.db.utils.IntegrityError: duplicate key value violates unique constraint "shop_order_slug_key"
E   DETAIL:  Key (slug)=(@) already exists."""
)

DJANGO_TEMPLATE = (
    f"""\
{LIB}/django/template/base.py:511: in parse
    compile_func = self.tags[command]
                   ^^^^^^^^^^^^^^^^^^
E   KeyError: 'frob'"""
    + CONTEXT
    + f"""\
shop/pages.py:86: in render
    Template(source)
{LIB}/django/template/base.py:568: in invalid_block_tag
    raise self.error(
E   django.template.exceptions.TemplateSyntaxError: Invalid block tag on line @: 'frob', expected 'elif', 'else' or 'endif'. Did you forget to register or load this tag?"""
)

DJANGO_SETTINGS = f"""\
shop/pages.py:78: in is_shown
    return settings.DEBUG
           ^^^^^^^^^^^^^^
{LIB}/django/conf/__init__.py:@: in _setup
    raise ImproperlyConfigured(
E   django.core.exceptions.ImproperlyConfigured: Requested setting DEBUG, but settings are not configured. You must either define the environment variable DJANGO_SETTINGS_MODULE or call settings.configure() before accessing settings."""

DJANGO_404 = f"""\
shop/pages.py:98: in order
    return get_object_or_404(Order, pk=pk)
{LIB}/django/shortcuts.py:90: in get_object_or_404
    raise Http404(
E   django.http.response.Http404: No Order matches the given query: pk=@"""

DJANGO_MISSING = f"""\
shop/pages.py:103: in latest
    return Order.objects.get(pk=@)
{LIB}/django/db/models/query.py:635: in get
    raise self.model.DoesNotExist(
E   shop.models.Order.DoesNotExist: Order matching query does not exist."""

SQLALCHEMY_DATABASE = (
    f"""\
{LIB}/sqlalchemy/engine/default.py:1192: in do_execute
    cursor.execute(statement, parameters)
E   sqlite3.IntegrityError: UNIQUE constraint failed: users.email"""
    + CAUSE
    + f"""\
tests/test_users.py:8: in test_users
    save(user)
shop/users.py:8: in save
    connection.execute(INSERT, values)
{LIB}/sqlalchemy/engine/base.py:2351: in _handle_dbapi_exception
    raise sqlalchemy_exception.with_traceback(exc_info[2]) from e
E   sqlalchemy.exc.IntegrityError: (sqlite3.IntegrityError) UNIQUE constraint failed: users.email
E   [SQL: insert into users values (?, ?)]
E   [parameters: (@, 'u@@x.org')]
E   (Background on this error at: https://sqlalche.me/e/21/gkpj)"""
)

SQLALCHEMY_DETACHED = f"""\
shop/users.py:21: in name
    return user.name
           ^^^^^^^^^
{LIB}/sqlalchemy/orm/loading.py:1652: in _load_scalar_attributes
    raise orm_exc.DetachedInstanceError(
E   sqlalchemy.orm.exc.DetachedInstanceError: Instance <User at 0x7f34c34ee@> is not bound to a Session; attribute refresh operation cannot proceed (Background on this error at: https://sqlalche.me/e/21/bhk3)"""

ASYNCIO_CLOSED = """\
shop/jobs.py:29: in start
    loop.call_soon(print)
/usr/lib/python3.12/asyncio/base_events.py:@: in _check_closed
    raise RuntimeError('Event loop is closed')
E   RuntimeError: Event loop is closed"""

ASYNCIO_TIMEOUT = (
    """\
shop/jobs.py:@: in step
    await asyncio.sleep(5)
/usr/lib/python3.12/asyncio/tasks.py:649: in sleep
    return await future
           ^^^^^^^^^^^^
E   asyncio.exceptions.CancelledError"""
    + CAUSE
    + """\
tests/test_jobs.py:12: in test_jobs
    await run_all()
shop/jobs.py:36: in run_all
    async with asyncio.timeout(1):
/usr/lib/python3.12/asyncio/timeouts.py:115: in __aexit__
    raise TimeoutError from exc_val
E   TimeoutError"""
)

ASYNCIO_CANCELLED = """\
shop/jobs.py:42: in run_all
    await task
/usr/lib/python3.12/asyncio/tasks.py:649: in sleep
    return await future
           ^^^^^^^^^^^^
E   asyncio.exceptions.CancelledError: Cancelled via cancel scope 7fc9a1c3d@ by <Task pending name='anyio.task-@' coro=<run() running at /srv/work/17/shop/jobs.py:40> cb=[<TaskWakeupMethWrapper object at 0x7f3@>()]>"""

ASYNCIO_OTHER_LOOP = """\
shop/jobs.py:45: in wait
    await self._ready
E   RuntimeError: Task <Task pending name='Task-@' coro=<test_@() running at /srv/work/17/tests/test_jobs.py:@> cb=[_run_until_complete_cb() at /usr/lib/python3.12/asyncio/base_events.py:181]> got Future <Future pending> attached to a different loop"""

PYDANTIC = """\
shop/api.py:66: in parse
    return Order(**sent)
           ^^^^^^^^^^^^^
E   pydantic_core._pydantic_core.ValidationError: 3 validation errors for Order
E   id
E     Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='x@', input_type=str]
E       For further information visit https://errors.pydantic.dev/2.14/v/int_parsing
E   items.@
E     Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='a', input_type=str]
E       For further information visit https://errors.pydantic.dev/2.14/v/int_parsing
E   price
E     Value error, a price is above 0 [type=value_error, input_value=-@, input_type=int]
E       For further information visit https://errors.pydantic.dev/2.14/v/value_error"""

PYDANTIC_1 = f"""\
shop/api.py:73: in parse
    return Order(**sent)
{LIB}/pydantic/main.py:364: in __init__
    raise validation_error
E   pydantic.error_wrappers.ValidationError: 2 validation errors for Order
E   price
E     field required (type=value_error.missing)
E   items -> @
E     value is not a valid integer (type=type_error.integer)"""

DICTIONARIES = """\
tests/test_sums.py:17: in test_sums
    assert got == expected
E   AssertionError: assert {'id': @, 'na...'x': @}, ...]} == {'id': @, 'na...'x': @}, ...]}
E     
E     Omitting 1 identical items, use -vv to show
E     Differing items:
E     {'rows': [{'x': @}, {'x': 2}, {'x': 3}, ...]} != {'rows': [{'x': 0}, {'x': 1}, {'x': 2}, ...]}
E     Use -v to get more diff"""

LINES = r"""tests/test_sums.py:24: in test_lines
    assert got == expected
E   AssertionError: assert 'line 0\nline @...\nline 34' == 'line 0\nlime @...\nline 34'
E     
E     Skipping 115 identical trailing characters in diff, use -v to show
E       line 0
E     - lime @
E     + line @
E     
E     ...Full output truncated, use '-vv' to show"""

GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/srv/work/17/shop/jobs.py", line 51, in run_all
  |     async with asyncio.TaskGroup() as group:
  |   File "/usr/lib/python3.12/asyncio/taskgroups.py", line 145, in __aexit__
  |     raise me from None
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/work/17/shop/jobs.py", line 49, in fetch
    |     raise ValueError(f"job {job}")
    | ValueError: job @
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "/srv/work/17/shop/jobs.py", line 50, in lose
    |     raise ConnectionResetError(104, "Connection reset by peer")
    | ConnectionResetError: [Errno 104] Connection reset by peer
    +------------------------------------"""

NESTED_GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/srv/work/17/shop/jobs.py", line 56, in nested
  |     async with asyncio.TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/srv/work/17/shop/jobs.py", line 54, in inner
    |     async with asyncio.TaskGroup() as group:
    | ExceptionGroup: unhandled errors in a TaskGroup (@ sub-exceptions)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "/srv/work/17/shop/jobs.py", line 53, in fetch
      |     return rows["id"]
      | KeyError: 'id'
      | 
      | The above exception was the direct cause of the following exception:
      | 
      | Traceback (most recent call last):
      |   File "/srv/work/17/shop/jobs.py", line 54, in fetch
      |     raise Missing(job) from error
      | shop.jobs.Missing: job @
      +---------------- 2 ----------------
      | shop.jobs.Late: job @
      +------------------------------------"""

UNITTEST = """\
tests/test_case.py:45: in test_case
    self.assertEqual(found, expected)
E   AssertionError: {'id': @, 'rows': [0, 1, @]} != {'id': 0, 'rows': []}
E   - {'id': @, 'rows': [0, 1, @]}
E   + {'id': 0, 'rows': []}"""

UNITTEST_LONG = """\
tests/test_case.py:45: in test_case
    self.assertEqual(found, expected)
E   AssertionError: Lists differ: [{'name': 'u@', 'rows': [[@ chars]19]}] != [{'name': 'a', 'rows': [[48 chars]9]}]"""

SUBTEST = """\
tests/test_case.py:49: in test_sub
    self.assertEqual(n, 0)
E   AssertionError: @ != 0"""

DOCTEST = """\
002 Twice.
003 
004     >>> double(@)
Expected:
    5
Got:
    @

/srv/work/17/shop/sums.py:4: DocTestFailure"""

DOCTEST_RAISED = """\
012 
013     >>> find(@)
UNEXPECTED EXCEPTION: KeyError(@)
Traceback (most recent call last):
  File "/usr/lib/python3.12/doctest.py", line 1353, in __run
    exec(compile(example.source, filename, "single",
  File "<doctest shop.sums.find[0]>", line 1, in <module>
  File "/srv/work/17/shop/sums.py", line 16, in find
    return rows[n]
           ~~~~^^^
KeyError: @
/srv/work/17/shop/sums.py:13: UnexpectedException"""
