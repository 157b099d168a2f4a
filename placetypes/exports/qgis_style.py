"""Styles that QGIS finds in a GeoPackage: the clusters in their colours.

Whichever style is on, an area is called by its code. A layer of variables has one that
calls its columns by what they count, from a table `names` with the columns variable and
variable_name.
"""

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
    """Add a style for each column that the entry names, the first by default.

    Of the entry's further layers each has one.
    """
    layer = entry["layer"]
    key = next(iter(table_columns(connection, table)))
    styles = [
        (layer, column, style_document(key, column, labels, scheme))
        for column in entry["styles"]
        for labels in [read_labels(connection, table, column)]
    ]
    job = table.partition(".")[0]
    for further, said in entry.get("layers", {}).items():
        names = read_names(connection, f"{job}.{said.get('names')}")
        styles.append((further, "names", names_document(key, names)))
    package = sqlite3.connect(target)
    try:
        with package:
            package.execute(LAYER_STYLES)
            package.execute(CONTENTS)
            for place, (name, style, document) in enumerate(styles):
                shape = package.execute(
                    "select column_name from gpkg_geometry_columns "
                    "where table_name = ?",
                    [name],
                ).fetchone()
                if shape:  # the layer is there
                    is_first = not place or name != layer  # of its layer
                    package.execute(
                        INSERT,
                        [name, *shape, style, document, is_first, f"{name} by {style}"],
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


def read_names(connection: "duckdb.DuckDBPyConnection", table: str) -> dict[str, str]:
    """Return what each variable counts, by its code; nothing where no table says it."""
    if not table_columns(connection, table):
        return {}
    rows = connection.execute(
        f"select variable, variable_name from {quoted_table(table)} order by variable"
    )
    return dict(rows.fetchall())


def named_document(key: str) -> ElementTree.Element:
    """Return the beginning of a style, by which a row is called by its area's code."""
    kinds = "Symbology|Fields|AttributeTable|MapTips"
    root = ElementTree.Element("qgis", version="3.22", styleCategories=kinds)
    ElementTree.SubElement(root, "previewExpression").text = quoted(key)
    return root


def as_text(root: ElementTree.Element) -> str:
    """Return a style as QGIS keeps it."""
    text = ElementTree.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}"


def names_document(key: str, names: dict[str, str]) -> str:
    """Return QGIS's XML of a layer whose columns are called by what they count."""
    root = named_document(key)
    aliases = ElementTree.SubElement(root, "aliases")
    for code, name in names.items():
        alias = {"field": code, "index": "0", "name": f"{code} {name}"}
        ElementTree.SubElement(aliases, "alias", alias)
    return as_text(root)


def style_document(key: str, column: str, labels: dict[str, str], scheme: str) -> str:
    """Return QGIS's XML of a layer coloured by a column's categories."""
    colours = category_colours(labels, scheme)
    root = named_document(key)
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
    return as_text(root)


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
