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
        -- Bands of as many areas each, by how far an area is from the next supergroup.
        ntile(20) over (
            order by supergroup_fit.fit, supergroup_fit.area
        ) as margin_band
    from supergroup_fit
    inner join supergroups on supergroup_fit.area = supergroups.area
    inner join kept as of_supergroup
        on
            supergroup_fit.area = of_supergroup.area
            and of_supergroup.level = 'supergroup'
    inner join kept as of_subgroup
        on
            supergroup_fit.area = of_subgroup.area
            and of_subgroup.level = 'subgroup'
),

bands as (
    select
        margin_band,
        exact_avg(supergroup_kept) as keep_probability
    from by_area
    group by margin_band
),

calibrated as (
    select
        by_area.*,
        bands.keep_probability
    from by_area
    inner join bands on by_area.margin_band = bands.margin_band
)

select * from calibrated
