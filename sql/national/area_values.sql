-- One row: one area with every variable that its country's tables give, unrounded.
with computable as (
    select
        terms.*,
        definitions.kind,
        definitions.denominator_cell,
        count(*) over (partition by terms.variable, terms.country) as tables
    from terms
    inner join definitions
        on
            terms.variable = definitions.variable
            and terms.country = definitions.country
    anti join absent_variables
        on
            terms.variable = absent_variables.variable
            and terms.country = absent_variables.country
),

from_one_table as (
    select
        cells.area,
        cells.country,
        computable.variable,
        computable.kind,
        computable.denominator_cell,
        list_dot_product(cells.counts, computable.numerators) as numerator,
        list_dot_product(cells.counts, computable.denominators) as denominator
    from cells
    inner join computable
        on
            cells.country = computable.country
            and cells.table_name = computable.table_name
    where
        computable.tables = 1
        and computable.denominator_cell is distinct from 'square kilometres'
),

per_square_kilometre as (
    select
        cells.area,
        cells.country,
        computable.variable,
        computable.kind,
        computable.denominator_cell,
        list_dot_product(cells.counts, computable.numerators) as numerator,
        area_sizes.square_kilometres as denominator
    from computable
    inner join cells
        on
            computable.country = cells.country
            and computable.table_name = cells.table_name
    inner join area_sizes on cells.area = area_sizes.area
    where computable.denominator_cell = 'square kilometres'
),

-- Apart, because to group what comes from one table would take most of the time.
from_several_tables as (
    select
        cells.area,
        cells.country,
        computable.variable,
        computable.kind,
        computable.denominator_cell,
        exact_sum(list_dot_product(cells.counts, computable.numerators)) as numerator,
        sum(
            list_dot_product(cells.counts, computable.denominators)
            order by computable.table_name
        ) as denominator
    from cells
    inner join computable
        on
            cells.country = computable.country
            and cells.table_name = computable.table_name
    where computable.tables > 1
    group by all
),

sums as (
    select * from from_one_table
    union all
    select * from from_several_tables
    union all
    select * from per_square_kilometre
),

-- A share of nobody is 0, as the makers of the OAC have it.
valued as (
    select
        sums.area,
        sums.country,
        sums.variable,
        case
            when sums.kind in ('share', 'standardised ratio')
                then coalesce(
                    100 * sums.numerator / nullif(sums.denominator, 0), 0
                )
            when sums.denominator_cell is not null
                then coalesce(sums.numerator / nullif(sums.denominator, 0), 0)
            else sums.numerator
        end as value
    from sums
    anti join left_out on sums.area = left_out.area
),

wide as (
    select * from (
        pivot valued
        on variable
        using any_value(value)
        group by area, country
    )
)

select * from wide
