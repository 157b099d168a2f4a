-- One row: one area with the dimensions that the clusters are made from.
with divided as (
    select
        embeddings.*,
        case
            when getvariable('embedding_metric') <> 'cosine' then 1
            when mixes.mix = 0
                then error(
                    'Area ' || embeddings.area || ' has an embedding of zeros, which '
                    || 'points nowhere: leave it out of the file, or set '
                    || 'embedding_metric = euclidean.'
                )
            else mixes.mix
        end as divisor
    from embeddings
    inner join mixes on embeddings.area = mixes.area
),

-- By angles alone: each row gets the length 1.
scaled as (
    select
        area,
        columns(* exclude (area, divisor)) / divisor
    from divided
)

select * from scaled
