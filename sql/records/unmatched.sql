-- One row: one record that is in no area of the region, and why.
with unmatched as (
    select
        record,
        weight,
        postcode_typed,
        area,
        reason
    from placed
    where reason is not null
)

select * from unmatched
