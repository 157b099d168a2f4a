-- One row: one area without an angle between the years, and the reason.
with earlier as (
    select * from embeddings
    where year = 'earlier'
),

later as (
    select * from embeddings
    where year = 'later'
),

both_years as (
    select
        coalesce(earlier.area, later.area) as area,
        case
            when later.area is null then 'only in the earlier file'
            when earlier.area is null then 'only in the later file'
            when earlier.direction is null
                then 'a dimension has no value in the earlier file'
            when later.direction is null
                then 'a dimension has no value in the later file'
        end as reason
    from earlier
    full join later on earlier.area = later.area
)

select * from both_years
where reason is not null
