"""census.variable_lookup on small CSV files."""


def test_codes_names_and_domains_are_read_without_blanks_around_them(
    run_model, tmp_path
):
    path = tmp_path / "census_variable_lookup.csv"
    path.write_text(
        "No.,Variable_Name,Domain\n"
        "v01, Age 0 to 4 ,Demographic\n"
        'v02,"White, British",  Ethnicity and Origins\n'
    )
    lookup = run_model("census.variable_lookup", tables={}, lookup_file=str(path))
    assert lookup.to_dict("list") == {
        "variable": ["v01", "v02"],
        "variable_name": ["Age 0 to 4", "White, British"],
        "domain": ["Demographic", "Ethnicity and Origins"],
        "denominator": [None, None],
    }


def test_a_denominator_is_read_where_the_file_has_one(run_model, tmp_path):
    path = tmp_path / "census_variable_lookup.csv"
    path.write_text(
        "denominator,No.,Variable_Name,Domain\n"
        "Households,v01,No car,Travel\n,v02,Age,Demographic\n"
    )
    lookup = run_model("census.variable_lookup", tables={}, lookup_file=str(path))
    assert lookup["denominator"].fillna("").tolist() == ["Households", ""]


def test_columns_are_found_by_name_whatever_their_order_and_company(
    run_model, tmp_path
):
    path = tmp_path / "census_variable_lookup.csv"
    path.write_text("Domain,Unit,Variable_Name,No.\nWork,%,Unemployed,v09\n")
    lookup = run_model("census.variable_lookup", tables={}, lookup_file=str(path))
    assert lookup.drop(columns="denominator").to_dict("records") == [
        {"variable": "v09", "variable_name": "Unemployed", "domain": "Work"}
    ]


def test_numeric_codes_stay_text(run_model, tmp_path):
    path = tmp_path / "census_variable_lookup.csv"
    path.write_text("No.,Variable_Name,Domain\n007,Agents,Other\n")
    lookup = run_model("census.variable_lookup", tables={}, lookup_file=str(path))
    assert lookup.loc[0, "variable"] == "007"


def test_an_empty_domain_is_missing(run_model, tmp_path):
    path = tmp_path / "census_variable_lookup.csv"
    path.write_text("No.,Variable_Name,Domain\nv01,Age,\nv02,Work,Other\n")
    lookup = run_model("census.variable_lookup", tables={}, lookup_file=str(path))
    assert lookup["domain"].isna().tolist() == [True, False]
