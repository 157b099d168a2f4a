-- One row: one cluster and the name that a rule gives it from its strongest variables.
with recursive
-- One cluster after the other takes its best name that is not yet taken.
chosen as (
    select
        0::bigint as turn,
        ''::varchar as level,
        ''::varchar as cluster,
        ''::varchar as name,
        false as is_narrow,
        0::double as score,
        [''] as taken
    union all
    select
        best.turn,
        best.level,
        best.cluster,
        best.name,
        best.is_narrow,
        best.score,
        list_append(chosen.taken, best.name) as taken
    from chosen
    cross join lateral (
        select name_candidates.*
        from name_candidates
        where
            name_candidates.turn = chosen.turn + 1
            and name_candidates.is_sure
            and not list_contains(chosen.taken, name_candidates.name)
        order by name_candidates.score desc, name_candidates.name asc
        limit 1
    ) as best
),

named as (
    select
        turn,
        level,
        cluster,
        name,
        is_narrow,
        score
    from chosen
    where turn > 0
)

select * from named
