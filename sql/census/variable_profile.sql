-- One row: one variable of the region: its spread before and after scaling.
with published as (
    unpivot region_variables
    on columns(* exclude (area))
    into name variable value percentage
),

scaled as (
    unpivot scaled_variables
    on columns(* exclude (area))
    into name variable value scaled
),

-- One list in order serves both; each aggregate with an order of its own sorts again.
published_profile as (
    select
        variable,
        count(*) as areas,
        min(percentage) as minimum,
        max(percentage) as maximum,
        exact_avg(percentage) as mean,
        list_var_samp(list(percentage order by percentage)) as variance,
        -- Of a constant: not a number.
        nullif(list_skewness(list(percentage order by percentage)), 'nan') as skewness,
        100 * count(*) filter (where percentage = 0) / count(*) as share_of_zeros,
        min(percentage) = max(percentage) as is_constant
    from published
    group by variable
),

scaled_profile as (
    select
        variable,
        exact_avg(scaled) as scaled_mean,
        list_var_samp(list(scaled order by scaled)) as scaled_variance,
        nullif(list_skewness(list(scaled order by scaled)), 'nan') as scaled_skewness
    from scaled
    group by variable
),

partners as (
    select
        variable,
        arg_max(partner, abs(correlation)) as strongest_partner,
        arg_max(correlation, abs(correlation)) as strongest_correlation
    from correlations
    group by variable
),

profile as (
    select
        published_profile.variable,
        variable_lookup.domain,
        coalesce(
            variable_lookup.variable_name, published_profile.variable
        ) as variable_name,
        published_profile.* exclude (variable),
        scaled_profile.* exclude (variable),
        partners.* exclude (variable)
    from published_profile
    inner join scaled_profile
        on published_profile.variable = scaled_profile.variable
    left join partners on published_profile.variable = partners.variable
    left join variable_lookup
        on published_profile.variable = variable_lookup.variable
)

select * from profile
