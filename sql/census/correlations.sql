-- One row: one ordered pair of variables and Pearson's r of their scaled values.
with gathered as (
    select list(columns(* exclude (area)) order by area)
    from scaled_variables
),

variable_lists as (
    unpivot gathered on columns(*) into name variable value scaled
),

means as (
    select
        variable,
        scaled,
        list_avg(scaled) as mean
    from variable_lists
),

centred as (
    select
        variable,
        list_transform(scaled, lambda x: x - mean) as deviations
    from means
),

lengths as (
    select
        variable,
        deviations,
        sqrt(list_inner_product(deviations, deviations)) as length
    from centred
),

-- A constant deviates nowhere: its length is 0 and its correlation undefined.
defined as (
    select
        one.variable,
        other.variable as partner,
        list_inner_product(one.deviations, other.deviations)
        / nullif(one.length * other.length, 0) as correlation
    from lengths as one
    inner join lengths as other on one.variable < other.variable
),

both_ways as (
    select * from defined
    union all
    select
        partner as variable,
        variable as partner,
        correlation
    from defined
)

select * from both_ways
