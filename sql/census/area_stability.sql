-- One row: one area, how often other samples leave it where it is, and how likely.
with kept as (
    select
        level,
        area,
        len(list_filter(memberships, lambda name: name = cluster))
        / len(memberships) as kept
    from bootstrap_labels
),

by_area as (
    select
        supergroup_fit.area,
        supergroups.supergroup,
        supergroup_fit.next_supergroup,
        supergroup_fit.fit,
        of_supergroup.kept as supergroup_kept,
        of_subgroup.kept as subgroup_kept,
        keep_probabilities.keep_probability
    from supergroup_fit
    inner join supergroups on supergroup_fit.area = supergroups.area
    inner join keep_probabilities on supergroup_fit.area = keep_probabilities.area
    inner join kept as of_supergroup
        on
            supergroup_fit.area = of_supergroup.area
            and of_supergroup.level = 'supergroup'
    inner join kept as of_subgroup
        on
            supergroup_fit.area = of_subgroup.area
            and of_subgroup.level = 'subgroup'
)

select * from by_area
