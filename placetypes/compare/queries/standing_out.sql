-- One row: one variable in which an area stands out from the mean of all areas.
with one_area as (
    unpivot (
        select * exclude (area) from portrait
        where area = getvariable('asked_area')
    )
    on columns(*) into name variable value here
),

means as (
    unpivot (select avg(columns(* exclude (area))) from portrait)
    on columns(*) into name variable value mean
),

deviations as (
    unpivot (select stddev_pop(columns(* exclude (area))) from portrait)
    on columns(*) into name variable value deviation
),

scores as (
    select
        one_area.variable,
        one_area.here,
        means.mean,
        list_contains(getvariable('always_shown'), one_area.variable) as is_always,
        case getvariable('measure')
            when 'index' then 100 * one_area.here / nullif(means.mean, 0)
            else
                (one_area.here - means.mean) / nullif(deviations.deviation, 0)
        end as score
    from one_area
    inner join means on one_area.variable = means.variable
    inner join deviations on one_area.variable = deviations.variable
),

-- An index score from 80 to 120, or one standard deviation, is nothing remarkable.
ranked as (
    select
        *,
        case
            when score > if(getvariable('measure') = 'index', 120, 1) then 'high'
            when score < if(getvariable('measure') = 'index', 80, -1) then 'low'
        end as side,
        row_number() over (partition by is_always order by score desc) as place,
        row_number() over (partition by is_always order by score) as place_from_below
    from scores
    where score is not null
),

chosen as (
    select
        coalesce(variable_names.variable_name, ranked.variable) as variable,
        ranked.here,
        ranked.mean,
        ranked.score,
        ranked.is_always
    from ranked
    left join variable_names on ranked.variable = variable_names.variable
    where
        ranked.is_always
        or ranked.side = 'high' and ranked.place <= getvariable('asked_rows')
        or ranked.side = 'low' and ranked.place_from_below <= getvariable('asked_rows')
)

select * exclude (is_always) from chosen
order by
    is_always desc,
    -- an index score: the highest first, then the lowest first
    if(getvariable('measure') = 'index' and score < 80, score, -score) asc,
    variable asc
