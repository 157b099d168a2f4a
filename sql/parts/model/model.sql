-- One row: the classification as a model that scores any area, as JSON.
with variables as (
    select
        list(
            {
                'variable': cluster_variables.variable,
                'name': variable_profile.variable_name,
                'domain': variable_profile.domain,
                'transform': 'arcsinh',
                'minimum': variable_profile.minimum,
                'maximum': variable_profile.maximum,
                'weight': variable_weighting.weight
            }
            order by cluster_variables.variable
        ) as listed
    from cluster_variables
    inner join variable_profile
        on cluster_variables.variable = variable_profile.variable
    inner join variable_weighting
        on cluster_variables.variable = variable_weighting.variable
),

long as (
    unpivot class_means
    on columns(* exclude (level, class, areas)) into name variable value mean
),

centroids as (
    select
        level,
        class,
        any_value(areas) as areas,
        list(round(mean, 9)::double order by variable) as centroid
    from long
    group by level, class
),

names as (
    select
        cluster,
        any_value(name) as name
    from cluster_names
    group by cluster
),

classes as (
    select
        list(
            {
                'level': centroids.level,
                'level_name': case centroids.level
                    when 1 then 'supergroup'
                    when 2 then 'subgroup'
                    else 'level_' || centroids.level
                end,
                'class': centroids.class,
                'parent': parent_cluster(centroids.class),
                'name': names.name,
                'areas': centroids.areas,
                'centroid': centroids.centroid
            }
            order by centroids.level, centroids.class
        ) as listed,
        sum(centroids.areas) filter (where centroids.level = 1) as areas
    from centroids
    left join names on centroids.class = names.cluster
),

curve as (
    select
        list(
            { 'level': level, 'margin': margin, 'probability': probability }
            order by level, margin
        ) as listed
    from model_calibration
),

written as (
    select
        to_json({
            'schema': 'placetypes-model/1',
            'name': 'Classification of ' || naming_snapshot.region,
            'region': naming_snapshot.region,
            'areas': classes.areas,
            'settings': {
                'clusters': getvariable('clusters'),
                'seed': getvariable('seed'),
                'restarts': getvariable('restarts')
            },
            'variables': variables.listed,
            'classes': classes.listed,
            'calibration': curve.listed
        })::varchar as text
    from variables
    cross join classes
    cross join curve
    cross join naming_snapshot
)

select * from written
