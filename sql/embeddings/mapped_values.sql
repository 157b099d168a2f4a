-- One row: one area and one variable that is put into classes for maps.
with wanted as (
    select
        unnest(
            case
                when len(getvariable('map_variables')) > 0
                    then list_transform(
                        getvariable('map_variables'), lambda name: own_name(name)
                    )
                else list_concat(
                    getvariable('used_columns'),
                    ['mix'],
                    getvariable('strongest_dimensions')
                )
            end
        ) as variable
),

all_columns as (
    select
        described.* exclude (area_name),
        mixes.mix,
        embeddings.* exclude (area)
    from described
    left join embeddings on described.area = embeddings.area
    left join mixes on described.area = mixes.area
),

all_values as (
    unpivot all_columns
    on columns(* exclude (area)) into name variable value value
),

unknown as (
    select string_agg(variable, ', ' order by variable) as names
    from wanted
    where variable not in (select all_values.variable from all_values)
),

chosen as (
    select all_values.*
    from all_values
    semi join wanted on all_values.variable = wanted.variable
    cross join unknown
    where
        case
            when unknown.names is null then true
            else error(
                'map_variables names ' || unknown.names || ', which is neither an '
                || 'embedding dimension nor a column of the socio-economic file with '
                || 'values for these areas.'
            )
        end
)

select * from chosen
