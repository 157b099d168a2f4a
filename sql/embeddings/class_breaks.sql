-- One row: one class of one mapped variable under one scheme, with its bounds.
with spreads as (
    select
        variable,
        min(value) as lowest,
        max(value) as highest,
        count(distinct value) as distinct_values,
        quantile_cont(
            value,
            list_transform(
                range(1, getvariable('map_classes') + 1),
                lambda i: i / getvariable('map_classes')
            )
        ) as quantiles,
        -- Enough decimals to tell the classes apart.
        case
            when max(value) - min(value) >= 1000 then 0
            when max(value) - min(value) >= 10 then 1
            when max(value) - min(value) >= 1 then 2
            else 4
        end as decimals
    from mapped_values
    group by variable
),

many_valued as (
    select * from spreads
    where distinct_values > getvariable('map_classes')
),

quantile_bounds as (
    select
        variable,
        'quantile' as scheme,
        unnest(quantiles) as upper_bound
    from many_valued
),

steps as (
    select
        *,
        unnest(range(1, getvariable('map_classes') + 1)) as step
    from many_valued
),

equal_bounds as (
    select
        variable,
        'equal_interval' as scheme,
        case
            when step = getvariable('map_classes') then highest
            else lowest + step * (highest - lowest) / getvariable('map_classes')
        end as upper_bound
    from steps
),

natural_bounds as (
    select
        variable,
        'natural_breaks' as scheme,
        upper_bound
    from natural_breaks
),

-- Few distinct values are classes of their own, whatever the scheme.
few_valued as (
    select distinct
        mapped_values.variable,
        mapped_values.value as upper_bound
    from mapped_values
    anti join many_valued on mapped_values.variable = many_valued.variable
),

own_bounds as (
    select
        variable,
        unnest(['quantile', 'equal_interval', 'natural_breaks']) as scheme,
        upper_bound
    from few_valued
),

-- Quantiles fall together where many areas share a value: they make one class.
bounds as (
    select * from quantile_bounds
    union
    select * from equal_bounds
    union
    select * from natural_bounds
    union
    select * from own_bounds
),

numbered as (
    select
        bounds.variable,
        bounds.scheme,
        row_number() over by_bound as class,
        spreads.distinct_values <= getvariable('map_classes') as is_one_value,
        coalesce(
            lag(bounds.upper_bound) over by_bound, spreads.lowest
        ) as lower_bound,
        bounds.upper_bound,
        '{:,.' || spreads.decimals || 'f}' as layout
    from bounds
    inner join spreads on bounds.variable = spreads.variable
    window
        by_bound as (
            partition by bounds.variable, bounds.scheme order by bounds.upper_bound
        )
),

labelled as (
    select
        variable,
        scheme,
        class,
        case when is_one_value then upper_bound else lower_bound end as lower_bound,
        upper_bound,
        case
            when is_one_value then regexp_replace(upper_bound::varchar, '\.0$', '')
            else format(layout, lower_bound) || ' – ' || format(layout, upper_bound)
        end as label
    from numbered
)

select * from labelled
