-- One row: one topic table's total of one universe, held against the other tables'.
with shares as (
    select
        definitions.country,
        definitions.universe,
        definitions.table_name,
        definitions.denominator_cell,
        any_value(terms.denominators) as weights
    from definitions
    inner join terms
        on
            definitions.variable = terms.variable
            and definitions.country = terms.country
    where definitions.kind = 'share' and definitions.universe is not null
    group by all
),

totals as (
    select
        shares.country,
        shares.universe,
        shares.table_name,
        shares.denominator_cell,
        count(*) as areas,
        exact_sum(list_dot_product(cells.counts, shares.weights))::bigint as total,
        count(*) filter (
            where list_dot_product(cells.counts, shares.weights) = 0
        ) as areas_without
    from shares
    inner join cells
        on
            shares.country = cells.country
            and shares.table_name = cells.table_name
    anti join left_out on cells.area = left_out.area
    group by all
),

compared as (
    select
        *,
        100 * abs(total / median(total) over universes - 1) as difference
    from totals
    window universes as (partition by country, universe)
)

select * from compared
