-- One row: one area in the model's space, its variables scaled as the model's were.
with scaling as (
    select
        list(transform order by place) as transforms,
        list(minimum order by place) as minima,
        list(maximum order by place) as maxima,
        list(sqrt(weight) order by place) as roots
    from used_variables
),

listed as (
    select
        area,
        [*columns(* exclude (area))] as measured
    from area_values
),

-- A value is scaled as those were that the model was made from: frozen bounds.
scaled as (
    select
        listed.area,
        list_transform(
            list_zip(
                listed.measured, scaling.transforms, scaling.minima, scaling.maxima
            ),
            lambda v: case
                when v[2] = 'arcsinh'
                    then
                        (asinh(v[1]) - asinh(v[3]))
                        / nullif(asinh(v[4]) - asinh(v[3]), 0)
                else (v[1] - v[3]) / nullif(v[4] - v[3], 0)
            end
        ) as unbounded,
        listed.measured,
        scaling.roots
    from listed
    cross join scaling
),

bounded as (
    select
        area,
        measured,
        list_count(measured) as variables_used,
        list_transform(
            list_zip(unbounded, measured, roots),
            lambda v: case
                when v[2] is null or v[1] is null then 0
                when getvariable('outside') = 'clip'
                    then least(greatest(v[1], 0), 1) * v[3]
                else v[1] * v[3]
            end
        ) as position,
        list_transform(measured, lambda v: if(v is null, 0, 1)) as is_known
    from scaled
),

complete as (
    select
        area,
        variables_used,
        position,
        is_known
    from bounded
    where
        case
            when variables_used = 0
                then error(area || ' has none of the model''s variables.')
            when
                variables_used < len(measured)
                and getvariable('missing_variables') = 'refuse'
                then error(
                    area || ' has no value of ' || len(measured) - variables_used
                    || ' variables; set missing_variables=leave_out to measure its '
                    || 'distances without them.'
                )
            else true
        end
)

select * from complete
