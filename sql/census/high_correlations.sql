-- One row: one pair of variables whose correlation exceeds the threshold.
with named as (
    select
        correlations.variable,
        one.variable_name,
        correlations.partner,
        other.variable_name as partner_name,
        correlations.correlation
    from correlations
    left join variable_lookup as one
        on correlations.variable = one.variable
    left join variable_lookup as other
        on correlations.partner = other.variable
)

select * from named
where
    variable < partner
    and abs(correlation) > getvariable('correlation_threshold')
