-- One row: one area and how likely an area with its margin keeps its supergroup.
with tried as (
    select
        supergroup_fit.area,
        supergroup_fit.fit,
        area_support.support,
        -- Bands of as many areas each, by how far an area is from the next supergroup.
        ntile(20) over (
            order by supergroup_fit.fit, supergroup_fit.area
        ) as margin_band
    from supergroup_fit
    inner join area_support
        on supergroup_fit.area = area_support.area and area_support.level = 1
),

bands as (
    select
        margin_band,
        if(margin_band = 1, -1, min(fit)) as fit_from,
        exact_avg(support) as keep_probability
    from tried
    group by margin_band
),

-- Of a large region a sample is tried, and the others take the band of their margin.
banded as (
    select
        supergroup_fit.area,
        bands.margin_band,
        bands.keep_probability
    from supergroup_fit
    asof left join bands on supergroup_fit.fit >= bands.fit_from
)

select * from banded
