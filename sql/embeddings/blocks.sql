-- One row: one area and the block that the cross-validation keeps together.
with named as (
    select
        areas.area,
        case
            when getvariable('block_by') = 'location'
                then coalesce(location_blocks.block, 'no place')
            -- 'City of London 001A' belongs to 'City of London'.
            else coalesce(
                regexp_replace(areas.area_name, '\s+\S+$', ''), 'no name'
            )
        end as block
    from areas
    left join location_blocks on areas.area = location_blocks.area
)

select * from named
