-- One row: one class of one level in one place (the region or a district), records
-- against base.
with places as (
    select
        area,
        unnest(
            case when district is null then ['all'] else ['all', district] end
        ) as place,
        base
    from region_areas
),

bases as (
    select
        places.place,
        classes.level,
        any_value(classes.level_name) as level_name,
        classes.class,
        any_value(classes.class_name) as class_name,
        count(*) as areas,
        exact_sum(places.base) as base
    from places
    inner join classes on places.area = classes.area
    group by places.place, classes.level, classes.class
),

counts as (
    select
        places.place,
        classes.level,
        classes.class,
        count(*) as cases,
        exact_sum(matched.weight) as records,
        exact_sum(matched.weight * matched.weight) as squared_weights
    from matched
    inner join places on matched.area = places.area
    inner join classes on matched.area = classes.area
    group by places.place, classes.level, classes.class
),

totals as (
    select
        bases.*,
        coalesce(counts.cases, 0) as cases,
        coalesce(counts.records, 0) as records,
        sum(counts.records::decimal(38, 15)) over within_place as place_records,
        sum(bases.base::decimal(38, 15)) over within_place as place_base,
        -- Unequal weights carry the news of fewer records (Kish 1965).
        pow(sum(counts.records::decimal(38, 15)) over within_place, 2)
        / nullif(sum(counts.squared_weights::decimal(38, 15)) over within_place, 0)
            as effective_records
    from bases
    left join counts
        on
            bases.place = counts.place
            and bases.level = counts.level
            and bases.class = counts.class
    window within_place as (partition by bases.place, bases.level)
),

checked as (
    select * from totals
    where
        case
            when place = 'all' and place_base = 0
                then error(
                    'The base is 0 in the whole region: name a base that counts '
                    || 'something (base=' || getvariable('base') || ').'
                )
            else true
        end
),

shares as (
    select
        *,
        records / nullif(place_records, 0) as share,
        base / nullif(place_base, 0) as base_share
    from checked
),

-- Wilson 1927: an interval that stays between 0 and 1, right for small counts too.
intervals as (
    select
        *,
        (share + 1.96 * 1.96 / (2 * effective_records))
        / (1 + 1.96 * 1.96 / effective_records) as middle,
        1.96 * sqrt(
            share * (1 - share) / effective_records
            + 1.96 * 1.96 / (4 * pow(effective_records, 2))
        ) / (1 + 1.96 * 1.96 / effective_records) as half_width
    from shares
),

profiled as (
    select
        place,
        level,
        level_name,
        class,
        class_name,
        areas,
        cases,
        records,
        100 * share as share,
        base,
        100 * base_share as base_share,
        100 * records / nullif(base, 0) as penetration,
        100 * share / nullif(base_share, 0) as index_score,
        100 * greatest(middle - half_width, 0) as share_low,
        100 * (middle + half_width) as share_high,
        100 * greatest(middle - half_width, 0) / nullif(base_share, 0) as index_low,
        100 * (middle + half_width) / nullif(base_share, 0) as index_high,
        (share - base_share)
        / nullif(sqrt(base_share * (1 - base_share) / effective_records), 0) as z,
        cases < getvariable('smallest_count') as is_small
    from intervals
)

select * from profiled
