-- One row: one record, the area that it lies in, or the reason why it has none.
with joined as (
    select
        looked_up.* exclude (area),
        coalesce(looked_up.area, points_in_areas.area) as area
    from looked_up
    left join points_in_areas on looked_up.record = points_in_areas.record
),

judged as (
    select
        joined.record,
        joined.weight,
        joined.postcode_typed,
        joined.area,
        region_areas.district,
        case
            when
                joined.own_area is null and joined.postcode_typed is null
                and joined.x is null
                then 'no postcode, area or coordinates'
            when
                joined.area is null and joined.x is null and not joined.is_well_formed
                then 'malformed postcode'
            when joined.area is null and joined.x is null and not joined.is_known
                then 'unknown postcode'
            when
                joined.is_terminated and joined.own_area is null
                and getvariable('terminated_postcodes') = 'refuse'
                then 'terminated postcode'
            when joined.area is null then 'in no area'
            when region_areas.area is null then 'outside the region'
        end as reason
    from joined
    left join region_areas on joined.area = region_areas.area
)

select * from judged
