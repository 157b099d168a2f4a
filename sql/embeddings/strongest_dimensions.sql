-- One row: the embedding dimension that the forests of embeddings alone owe most.
with ranked as (
    select
        feature as dimension,
        impurity,
        permutation
    from forest_importances
    where feature_set = 'embeddings' and permutation_rank = 1
)

select * from ranked
