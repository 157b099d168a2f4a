-- One row: one bar of a published variable, and how much of the whole file it holds;
-- none where the region is the whole file.
with bounds as (
    select
        variable,
        min(lower_bound) as lowest,
        max(upper_bound) as highest,
        (highest - lowest) / 20 as width
    from variable_histograms
    where stage = 'published'
    group by variable
),

source as (
    select try_cast(columns(* exclude (oa)) as double)
    from read_parquet(getvariable('census_file'), hive_partitioning = false)
    where getvariable('region') <> 'all'
),

file_values as (
    unpivot source
    on columns(*) into name variable value value
),

numbered as (
    select
        file_values.variable,
        case
            when not file_values.value between bounds.lowest and bounds.highest
                then null
            when bounds.width = 0 then 1
            else
                least(
                    floor((file_values.value - bounds.lowest) / bounds.width) + 1, 20
                )
        end::integer as bar
    from file_values
    inner join bounds on file_values.variable = bounds.variable
),

bars as (
    select
        variable,
        bar,
        count(*) as areas,
        100 * count(*) / sum(count(*)) over (partition by variable) as share_of_file
    from numbered
    group by variable, bar
)

select * from bars
where bar is not null
