-- One row: one cluster and the name that a rule gives it from its strongest variables.
with recursive words as (
    select
        profiles.level,
        profiles.cluster,
        profiles.direction,
        abs(profiles.strength + profiles.contrast) as score,
        variable_words.people_word,
        variable_words.people_word_below,
        variable_words.home_word,
        variable_words.home_noun
    from cluster_profiles as profiles
    inner join variable_words
        on profiles.variable = variable_words.variable
    where profiles.direction <> 'near'
),

-- What is there says more of a place than what is missing.
people as (
    select
        level,
        cluster,
        if(direction = 'above', people_word, people_word_below) as word,
        max(if(direction = 'above', score, 0.5 * score)) as score
    from words
    where if(direction = 'above', people_word, people_word_below) is not null
    group by all
),

homes as (
    select
        level,
        cluster,
        home_word as word,
        max(score) as score
    from words
    where direction = 'above' and home_word is not null
    group by level, cluster, home_word
),

nouns as (
    select
        level,
        cluster,
        home_noun as word,
        max(score) as score
    from words
    where direction = 'above' and home_noun is not null
    group by level, cluster, home_noun
),

-- Letters sort by length first, so that Z comes before AA; supergroups choose first.
turns as (
    select
        level,
        cluster,
        row_number() over (
            order by
                level desc,
                len(regexp_extract(cluster, '^[A-Z]+')) asc,
                cluster asc
        ) as turn
    from nearest_siblings
),

-- Two telling words read best; a third serves to tell clusters apart.
phrases as (
    select
        people.level,
        people.cluster,
        people.word || ' ' || nouns.word as name,
        people.score + nouns.score as score
    from people
    inner join nouns
        on people.level = nouns.level and people.cluster = nouns.cluster
    union all
    select
        homes.level,
        homes.cluster,
        homes.word || ' ' || nouns.word as name,
        0.9 * (homes.score + nouns.score) as score
    from homes
    inner join nouns on homes.level = nouns.level and homes.cluster = nouns.cluster
    union all
    select
        people.level,
        people.cluster,
        people.word || ' ' || homes.word || ' ' || nouns.word as name,
        0.65 * (people.score + homes.score + nouns.score) as score
    from people
    inner join homes
        on people.level = homes.level and people.cluster = homes.cluster
    inner join nouns
        on people.level = nouns.level and people.cluster = nouns.cluster
    where not contains(nouns.word, ' ')
    union all
    select
        people.level,
        people.cluster,
        people.word || ' ' || homes.word || ' Homes' as name,
        0.7 * (people.score + homes.score) as score
    from people
    inner join homes
        on people.level = homes.level and people.cluster = homes.cluster
    union all
    select
        people.level,
        people.cluster,
        people.word || ' ' || others.word || ' Neighbourhoods' as name,
        0.4 * (people.score + others.score) as score
    from people
    inner join people as others
        on
            people.level = others.level
            and people.cluster = others.cluster
            and (
                people.score > others.score
                or (people.score = others.score and people.word < others.word)
            )
    union all
    select
        level,
        cluster,
        word || ' Neighbourhoods' as name,
        0.6 * score as score
    from people
    union all
    select
        level,
        cluster,
        word || ' Homes' as name,
        0.6 * score as score
    from homes
    union all
    select
        level,
        cluster,
        word as name,
        0.6 * score as score
    from nouns
),

numbers as (
    select unnest(range(1, count(*) + 2)) as number
    from turns
),

-- Whoever has no telling word left, or none at all, is mixed.
mixed as (
    select
        turns.level,
        turns.cluster,
        case
            when numbers.number = 1 then 'Mixed Neighbourhoods'
            else
                'Mixed Neighbourhoods '
                || capitalised(spell_numbers(numbers.number::text))
        end as name,
        -1000 - numbers.number as score
    from turns
    cross join numbers
),

candidates as (
    select * from phrases
    union all
    select * from mixed
),

free as (
    select
        turns.turn,
        candidates.level,
        candidates.cluster,
        candidates.name,
        candidates.score
    from candidates
    inner join turns
        on
            candidates.level = turns.level
            and candidates.cluster = turns.cluster
    left join given_names
        on
            lower(candidates.name) = lower(given_names.name)
            and (
                candidates.level <> given_names.level
                or candidates.cluster is distinct from given_names.cluster
            )
    where given_names.name is null
),

-- One cluster after the other takes its best name that is not yet taken.
chosen as (
    select
        0::bigint as turn,
        ''::varchar as level,
        ''::varchar as cluster,
        ''::varchar as name,
        [''] as taken
    union all
    select
        best.turn,
        best.level,
        best.cluster,
        best.name,
        list_append(chosen.taken, best.name) as taken
    from chosen
    cross join lateral (
        select free.*
        from free
        where
            free.turn = chosen.turn + 1
            and not list_contains(chosen.taken, free.name)
        order by free.score desc, free.name asc
        limit 1
    ) as best
),

named as (
    select
        level,
        cluster,
        name
    from chosen
    where turn > 0
)

select * from named
