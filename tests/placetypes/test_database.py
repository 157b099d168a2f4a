"""Connections: what they know, and what they never take."""

import duckdb
import pytest

from placetypes.database import connect, connect_plain


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
