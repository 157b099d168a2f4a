-- One row: one area on one level and a variable's part in its being nearer to its class
-- than to the next.
with names as (
    select list(variable order by place) as variables
    from used_variables
),

-- (z − next)² − (z − own)², a variable each: they add up to the squared distances'
-- difference. Above 0 pulls to the own class, below 0 to the next.
parts as (
    select
        scores.area,
        scores.level,
        scores.class,
        scores.next_class,
        list_filter(
            list_transform(
                list_zip(
                    names.variables,
                    positions.position,
                    own.centroid,
                    following.centroid,
                    positions.is_known
                ),
                lambda v: {
                    'part': pow(v[2] - v[4], 2) - pow(v[2] - v[3], 2),
                    'variable': if(v[5] = 1, v[1], null)
                }
            ),
            lambda p: p['variable'] is not null
        ) as parts
    from scores
    cross join names
    inner join positions on scores.area = positions.area
    inner join centroids as own
        on scores.level = own.level and scores.class = own.class
    inner join centroids as following
        on scores.level = following.level and scores.next_class = following.class
),

ranked as (
    select
        * exclude (parts),
        list_sort(parts, 'desc') as ordered,
        if(
            getvariable('why_leading') = 0
            or 2 * getvariable('why_leading') >= len(parts),
            len(parts),
            getvariable('why_leading')
        ) as kept
    from parts
),

-- What pulls most either way by name, the rest as one sum without a name.
chosen as (
    select
        area,
        level,
        class,
        next_class,
        unnest(
            case
                when kept = len(ordered) then ordered
                else list_concat(
                    ordered[:kept],
                    ordered[-kept:],
                    [{
                        'part': list_sum(
                            list_transform(
                                ordered[kept + 1:-kept - 1], lambda p: p['part']
                            )
                        ),
                        'variable': null
                    }]
                )
            end
        ) as entry
    from ranked
),

named as (
    select
        chosen.area,
        chosen.level,
        chosen.class,
        chosen.next_class,
        coalesce(chosen.entry.variable, 'all others') as variable,
        used_variables.variable_name,
        chosen.entry.part
    from chosen
    left join used_variables on chosen.entry.variable = used_variables.variable
)

select * from named
