-- One row: one area of the region, the weighted variables or features that cluster.
with weights as (
    select map_from_entries(list((variable, weight))) as weight_of
    from variable_weighting
),

chosen as (
    select
        area,
        columns(lambda c: c in getvariable('cluster_variables'))
    from scaled_variables
),

-- The root makes a weight of 2 count a squared distance twice.
weighted as (
    select
        chosen.area,
        columns(chosen.* exclude (area))
        * sqrt(weights.weight_of[alias(columns(chosen.* exclude (area)))])
    from chosen
    cross join weights
),

joined as (
    select
        weighted.*,
        cluster_features.* exclude (area)
    from weighted
    left join cluster_features on weighted.area = cluster_features.area
),

inputs as (
    select
        area,
        columns(
            lambda c: c <> 'area'
            and (c in getvariable('cluster_variables'))
            = (getvariable('cluster_on') = 'variables')
        )
    from joined
)

select * from inputs
