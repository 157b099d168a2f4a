-- One row: one family of shares of one denominator: how far their sum goes above 100.
with members as (
    select
        definitions.country,
        definitions.family,
        terms.table_name,
        definitions.denominator_cell,
        terms.variable,
        terms.denominators,
        unnest(terms.numerators) as weight,
        generate_subscripts(terms.numerators, 1) as place
    from terms
    inner join definitions
        on
            terms.variable = definitions.variable
            and terms.country = definitions.country
    where definitions.kind = 'share' and definitions.family is not null
),

-- A cell that two members count weighs 2, which is what the sum would show.
weights as (
    select
        country,
        family,
        table_name,
        denominator_cell,
        place,
        count(*) as variables,
        exact_sum(weight) as weight,
        any_value(denominators) as denominators
    from members
    group by all
),

families as (
    select
        country,
        family,
        table_name,
        denominator_cell,
        any_value(variables) as variables,
        list(weight order by place) as numerators,
        any_value(denominators) as denominators
    from weights
    group by country, family, table_name, denominator_cell
),

sums as (
    select
        families.* exclude (numerators, denominators),
        cells.area,
        list_dot_product(cells.counts, families.numerators) as numerator,
        list_dot_product(cells.counts, families.denominators) as denominator
    from families
    inner join cells
        on
            families.country = cells.country
            and families.table_name = cells.table_name
    anti join left_out on cells.area = left_out.area
),

compared as (
    select
        country,
        family,
        table_name,
        denominator_cell,
        any_value(variables) as variables,
        count(*) filter (where numerator > denominator) as areas_above,
        coalesce(max(100 * numerator / nullif(denominator, 0)), 0) as largest,
        100 * exact_sum(numerator) / nullif(exact_sum(denominator), 0) as overall,
        country in getvariable('adjusted_countries') as is_adjusted
    from sums
    group by all
)

select * from compared
