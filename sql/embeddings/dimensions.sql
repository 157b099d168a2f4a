-- One row: one embedding dimension, a column of the areas file that fits the pattern.
with counted as (
    select count(columns(* exclude (record_id, record_boundary)))
    from area_records
),

file_columns as (
    unpivot counted on columns(*) into name column_name value areas_with_value
),

fitting as (
    select *
    from file_columns
    where regexp_matches(column_name, getvariable('embedding_pattern'))
),

found as (
    select
        (select count(*) from fitting) as dimensions,
        array_to_string(list(column_name order by column_name)[:3], ', ') as examples
    from file_columns
),

-- A2 and A10 are to sort by number: as A02 and A10, the width being that of the
-- longest number in the same place of the name.
parts as (
    select
        column_name,
        unnest(regexp_extract_all(column_name, '\d+|\D+')) as part,
        unnest(
            range(len(regexp_extract_all(column_name, '\d+|\D+')))
        ) as place
    from fitting
),

padded as (
    select
        column_name,
        place,
        case
            when regexp_matches(part, '^\d')
                then lpad(part, max(len(part)) over (partition by place)::integer, '0')
            else part
        end as part
    from parts
),

named as (
    select
        column_name,
        string_agg(part, '' order by place) as dimension
    from padded
    group by column_name
),

-- Joined to what was found, so that a file without dimensions has a row to stop at.
checked as (
    select
        fitting.column_name,
        named.dimension,
        fitting.areas_with_value
    from found
    left join fitting on true
    left join named on fitting.column_name = named.column_name
    where
        case
            when found.dimensions = 0
                then error(
                    'No column of the areas file fits embedding_pattern = '
                    || getvariable('embedding_pattern') || '; there are '
                    || found.examples || ' … Set embedding_pattern to what the '
                    || 'embedding columns are called.'
                )
            when found.dimensions <> getvariable('embedding_dimensions')
                then error(
                    found.dimensions || ' columns of the areas file fit '
                    || 'embedding_pattern = ' || getvariable('embedding_pattern')
                    || ', but embedding_dimensions promises '
                    || getvariable('embedding_dimensions')
                    || '; get the whole file, or set embedding_dimensions to '
                    || found.dimensions || '.'
                )
            else true
        end
)

select * from checked
