"""Styles that QGIS finds in a GeoPackage: the clusters in their colours."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from placetypes.colours import INK, category_colours, parts
from placetypes.database import quoted, quoted_table, table_columns

if TYPE_CHECKING:
    import duckdb

# The form in which QGIS writes and looks for styles.
LAYER_STYLES = """
create table if not exists layer_styles (
    id integer primary key autoincrement not null,
    f_table_catalog text,
    f_table_schema text,
    f_table_name text,
    f_geometry_column text,
    styleName text,
    styleQML text,
    styleSLD text,
    useAsDefault boolean,
    description text,
    owner text,
    ui text,
    update_time datetime default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""
INSERT = """
insert into layer_styles (
    f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
    styleName, styleQML, styleSLD, useAsDefault, description, owner
) values ('', '', ?, ?, ?, ?, '', ?, ?, '')
"""
# Without a row there, other readers of the file may stumble over the table.
CONTENTS = """
insert or replace into gpkg_contents (table_name, data_type, identifier)
values ('layer_styles', 'attributes', 'layer_styles')
"""


def write_styles(
    connection: "duckdb.DuckDBPyConnection",
    table: str,
    target: Path,
    entry: dict[str, Any],
    scheme: str,
) -> None:
    """Add a style for each column that the entry names; the first is the default."""
    package = sqlite3.connect(target)
    try:
        with package:
            geometry = package.execute(
                "select column_name from gpkg_geometry_columns where table_name = ?",
                [entry["layer"]],
            ).fetchone()[0]
            package.execute(LAYER_STYLES)
            package.execute(CONTENTS)
            for place, column in enumerate(entry["styles"]):
                labels = read_labels(connection, table, column)
                package.execute(
                    INSERT,
                    [
                        entry["layer"],
                        geometry,
                        column,
                        style_document(column, labels, scheme),
                        place == 0,
                        f"{entry['layer']} by {column}",
                    ],
                )
    finally:
        package.close()


def read_labels(
    connection: "duckdb.DuckDBPyConnection", table: str, column: str
) -> dict[str, str]:
    """Return the text of each category: its letter, and its name where it has one."""
    name, code = f"{column}_name", quoted(column)
    has_names = name in table_columns(connection, table)
    named = f"any_value({quoted(name)})" if has_names else "''"
    rows = connection.execute(
        f"""
        select {code}, {named} from {quoted_table(table)}
        where {code} is not null
        group by {code} order by len({code}), {code}
        """
    ).fetchall()
    return {letter: f"{letter} · {name}" if name else letter for letter, name in rows}


def style_document(column: str, labels: dict[str, str], scheme: str) -> str:
    """Return QGIS's XML of a layer coloured by a column's categories."""
    colours = category_colours(labels, scheme)
    root = ElementTree.Element("qgis", version="3.28", styleCategories="Symbology")
    renderer = ElementTree.SubElement(
        root,
        "renderer-v2",
        {"type": "categorizedSymbol", "attr": column, "symbollevels": "0"},
    )
    categories = ElementTree.SubElement(renderer, "categories")
    symbols = ElementTree.SubElement(renderer, "symbols")
    for place, (value, label) in enumerate(labels.items()):
        ElementTree.SubElement(
            categories,
            "category",
            {
                "render": "true",
                "symbol": str(place),
                "value": value,
                "label": label,
                "type": "string",
            },
        )
        symbols.append(symbol(str(place), colours[value]))
    text = ElementTree.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}"


def symbol(name: str, colour: str) -> ElementTree.Element:
    """Return a filled polygon with a hairline of our ink."""
    element = ElementTree.Element(
        "symbol", {"type": "fill", "name": name, "alpha": "1"}
    )
    layer = ElementTree.SubElement(
        element, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0"}
    )
    options = ElementTree.SubElement(layer, "Option", {"type": "Map"})
    settings = {
        "color": rgba(colour),
        "outline_color": rgba(INK),
        "outline_style": "solid",
        "outline_width": "0.05",
        "outline_width_unit": "MM",
        "style": "solid",
    }
    for key, value in settings.items():
        ElementTree.SubElement(
            options, "Option", {"type": "QString", "name": key, "value": value}
        )
        # QGIS before 3.20 reads these instead.
        ElementTree.SubElement(layer, "prop", {"k": key, "v": value})
    return element


def rgba(colour: str) -> str:
    """Return a colour as QGIS writes it: 141,211,199,255."""
    return ",".join(map(str, [*parts(colour), 255]))
