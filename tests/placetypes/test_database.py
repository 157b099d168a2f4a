"""Connections: what they know, and what they never take."""

import shutil

import duckdb
import pytest

from placetypes.database import connect, connect_plain, stage


@pytest.mark.parametrize("opened", [connect, connect_plain])
def test_a_connection_takes_signed_extensions_only_and_keeps_to_it(opened):
    with opened() as connection:
        setting = "select current_setting('allow_unsigned_extensions')"
        assert connection.execute(setting).fetchone() == (False,)
        with pytest.raises(duckdb.InvalidInputException, match="Cannot change"):
            connection.execute("set allow_unsigned_extensions = true")


def test_a_connection_knows_geometry():
    with connect() as connection:
        point = connection.execute("select st_astext(st_point(1, 2))").fetchone()
    assert point == ("POINT (1 2)",)


def test_two_connections_of_one_process_share_a_file(tmp_path):
    with connect(tmp_path / "a.duckdb") as one, connect(tmp_path / "a.duckdb") as two:
        one.execute("create table homes as select 3 as rooms")
        assert two.execute("from homes").fetchone() == (3,)


def filled(path):
    """Open a database of one large table, a macro and a key."""
    connection = connect(path)
    connection.execute(
        "create table homes as select hash(range) as home from range(500_000)"
    )
    connection.execute("create macro twice(x) as 2 * x")
    connection.execute("create table rooms (room int primary key)")
    return connection


def refused(*_):
    raise PermissionError


@pytest.mark.parametrize("copyfile", [shutil.copyfile, refused])
def test_what_is_staged_has_all_that_was_made(tmp_path, monkeypatch, copyfile):
    monkeypatch.setattr(shutil, "copyfile", copyfile)
    with filled(tmp_path / "work.duckdb") as connection:
        connection.execute("insert into rooms values (7)")
        stage(connection, tmp_path / "staging" / "result.duckdb")
    with connect(tmp_path / "staging" / "result.duckdb", read_only=True) as staged:
        found = "select count(*), twice((from rooms)) from homes"
        assert staged.execute(found).fetchone() == (500_000, 14)


def test_what_is_staged_has_no_room_for_what_went(tmp_path):
    work, staged = tmp_path / "work.duckdb", tmp_path / "result.duckdb"
    with filled(work) as connection:
        stage(connection, staged)
        whole = staged.stat().st_size
        connection.execute("create table last as select 1 as one; drop table homes")
        stage(connection, staged)
    assert staged.stat().st_size < whole / 4
