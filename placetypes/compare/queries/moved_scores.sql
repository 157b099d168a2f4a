-- One row: one cluster's index score of one variable that moved between two runs.
with moved as (
    select
        latter_scores.cluster,
        latter_scores.variable,
        latter_scores.variable_name,
        former_scores.index_score as former_score,
        latter_scores.index_score as new_score,
        latter_scores.index_score - former_scores.index_score as difference
    from former_scores
    inner join latter_scores
        on
            former_scores.cluster = latter_scores.cluster
            and former_scores.variable = latter_scores.variable
)

select * from moved
where abs(difference) > 1e-9
order by abs(difference) desc, cluster asc, variable asc
