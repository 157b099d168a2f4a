-- One row: one area and how alike its ground is: the length of its mean embedding.
with positions as (
    select
        area,
        [*columns(* exclude (area))] as position
    from embeddings
),

lengths as (
    select
        area,
        sqrt(list_dot_product(position, position)) as mix
    from positions
)

select * from lengths
