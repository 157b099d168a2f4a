-- One row: one claim of a cluster's name, or one thing that its text says.
with evidence as (
    select
        'claim' as kind,
        coalesce(variable_name, variable) as what,
        direction,
        index_score,
        verdict
    from name_claims
    where cluster = getvariable('asked_cluster')
    union all
    select
        'text' as kind,
        clause as what,
        phrase || ': ' || read_as as direction,
        index_score,
        verdict
    from name_mentions
    where cluster = getvariable('asked_cluster')
)

select * from evidence
order by all
