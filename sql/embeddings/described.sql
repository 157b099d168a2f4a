-- One row: one area with all that its files say of it, null where they say nothing.
with further as (
    pivot further_values
    on variable using first(value)
    group by area
),

described as (
    select
        joined.*,
        further.* exclude (area)
    from joined
    left join further on joined.area = further.area
)

select * from described
