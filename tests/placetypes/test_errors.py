"""What is recorded holds no password."""

import pytest

from placetypes.errors import redacted

HIDDEN = "hunter2"


@pytest.mark.parametrize(
    "text",
    [
        "postgres:dbname=a user=b password=hunter2 host=c",
        "ducklake:postgres:dbname=a password='hunter2 and more'",
        "postgresql://me:hunter2@host/db",
        "mysql:host=a passwd=hunter2",
        "md:db?motherduck_token=hunter2&x=1",
        "https://hunter2@example.org/v1",
        "https://example.org/v1?api-key=hunter2",
        "https://a.blob.core.windows.net/x?sv=1&sig=hunter2",
        "AccountName=a;AccountKey=hunter2;",
        '{"api_key": "hunter2"}',
        r'"{\\"password\\": \\"hunter2\\"}"',
        "--set names.key=hunter2",
        "PGPASSWORD=hunter2",
        "Authorization: Bearer hunter2",
    ],
)
def test_a_password_is_not_recorded(text):
    assert HIDDEN not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "run census --set region=West --set id_column=LSOA21CD",
        "names.key_variable=OPENAI_API_KEY",
        "names.max_output_tokens=1000",
        "/data/secret plans/keys.csv",
        "md:shared",
        "http://localhost:11434/v1",
        "keep_variables=[v01, v02]",
    ],
)
def test_all_else_stays(text):
    assert redacted(text) == text
