"""embeddings.area_records on a small GeoPackage."""


def test_columns_are_as_in_the_file_beside_the_code_as_text(areas_file, connection):
    areas_file({"geoid": [1003, 1001], "NAME": ["Baldwin", "Autauga"], "A00": [1, 2]})
    records = connection.sql("from embeddings.area_records order by record_id").df()
    assert records.columns[0] == "record_id"
    assert {"record_boundary", "geoid", "NAME", "A00"} < set(records)
    assert records["record_id"].tolist() == ["1001", "1003"]
    assert records["A00"].tolist() == [2, 1]
