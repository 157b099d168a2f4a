-- One row: one class and its centroid, of the variables that the areas have.
with used as (
    select
        list(position order by place) as positions,
        list(sqrt(weight) order by place) as roots
    from used_variables
),

centroids as (
    select
        model_classes.* exclude (centroid),
        list_transform(
            list_zip(list_select(model_classes.centroid, used.positions), used.roots),
            lambda v: v[1] * v[2]
        ) as centroid
    from model_classes
    cross join used
)

select * from centroids
