-- One row: one variable, its moments before and after scaling, why it doesn't cluster.
select
    variable_profile.variable,
    variable_profile.variable_name,
    variable_profile.domain,
    variable_profile.mean,
    variable_profile.minimum,
    variable_profile.maximum,
    variable_profile.variance,
    variable_profile.skewness,
    variable_profile.share_of_zeros,
    variable_profile.scaled_mean,
    variable_profile.scaled_variance,
    variable_profile.scaled_skewness,
    left_out_variables.reason as left_out_because
from variable_profile
left join left_out_variables
    on variable_profile.variable = left_out_variables.variable
order by variable_profile.domain nulls last, variable_profile.variable
