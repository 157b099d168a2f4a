-- One row: one area and the block that the cross-validation keeps together.
with chosen as (
    select
        columns(
            lambda c: c = 'record_id' or c = getvariable('block_by')
        )::varchar
    from area_records
),

-- The code comes first; a second value is there only where the file has that column.
listed as (
    select [*columns(*)] as found from chosen
),

of_column as (
    select
        found[1] as area,
        case
            when len(found) = 2 or getvariable('block_by') in ('location', 'name')
                then found[2]
            else error(
                'block_by = ' || getvariable('block_by') || ' is neither location nor '
                || 'name, and no column of the areas file is called so.'
            )
        end as block
    from listed
),

named as (
    select
        areas.area,
        case
            when getvariable('block_by') = 'location'
                then coalesce(location_blocks.block, 'no place')
            when getvariable('block_by') = 'name'
                -- 'City of London 001A' belongs to 'City of London'.
                then coalesce(
                    regexp_replace(areas.area_name, '\s+\S+$', ''), 'no name'
                )
            else coalesce(of_column.block, 'no block')
        end as block
    from areas
    left join location_blocks on areas.area = location_blocks.area
    left join of_column on areas.area = of_column.area
)

select * from named
