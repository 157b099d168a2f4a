-- One row: one name that words of a cluster make, and how telling it is.
with words as (
    select
        shares.level,
        shares.cluster,
        shares.index_score >= 100 as is_above,
        abs(shares.strength + shares.contrast) as score,
        shares.is_noticed as is_sure,
        abs(shares.margin) < getvariable('names_near_tie') / 2 as is_narrow,
        shares.whole is null or shares.is_commonest as is_true_noun,
        shares.whole is not null
        and abs(shares.ahead_by)
        < shares.share * getvariable('names_near_tie') / 100 as is_tied,
        variable_words.people_word,
        variable_words.people_word_below,
        variable_words.home_word
    from cluster_shares as shares
    inner join variable_words
        on shares.variable = variable_words.variable
    where
        shares.is_many
        and shares.margin > -getvariable('names_near_tie') / 2
),

-- What is there says more of a place than what is missing.
adjectives as (
    select
        level,
        cluster,
        if(is_above, people_word, people_word_below) as word,
        1 as place,
        bool_or(is_sure) as is_sure,
        bool_and(is_narrow) as is_narrow,
        max(if(is_above, score, 0.5 * score)) as score
    from words
    where if(is_above, people_word, people_word_below) is not null
    group by all
    union all
    -- A tenure names the homes of a place only where most have it.
    select
        level,
        cluster,
        home_word as word,
        2 as place,
        bool_or(is_sure and is_true_noun) as is_sure,
        bool_and(is_narrow or is_tied) as is_narrow,
        max(score) as score
    from words
    where
        is_above
        and home_word is not null
        and (is_true_noun or is_tied)
    group by all
),

-- The noun is the commonest kind of home, whether or not that sets the place apart.
homes as (
    select
        shares.level,
        shares.cluster,
        variable_words.home_noun as word,
        shares.is_commonest,
        shares.place,
        shares.share,
        shares.is_noticed and shares.index_score > 100 as sets_apart
    from cluster_shares as shares
    inner join variable_words
        on shares.variable = variable_words.variable
    where variable_words.home_noun is not null
),

nouns as (
    select
        turns.level,
        turns.cluster,
        coalesce(homes.word, 'Neighbourhoods') as word,
        len(string_split(coalesce(homes.word, ''), ' ')) as words
    from nearest_siblings as turns
    left join homes
        on
            turns.level = homes.level
            and turns.cluster = homes.cluster
            and homes.is_commonest
),

-- Two kinds of home name a place where each sets it apart and others are few.
pairs as (
    select
        firsts.level,
        firsts.cluster,
        firsts.word || ' and ' || seconds.word as word,
        firsts.share - seconds.share
        < firsts.share * getvariable('names_near_tie') / 100 as is_tied
    from homes as firsts
    inner join homes as seconds
        on
            firsts.level = seconds.level
            and firsts.cluster = seconds.cluster
            and firsts.place + 1 = seconds.place
    where
        firsts.is_commonest
        and firsts.sets_apart
        and seconds.sets_apart
        and seconds.share >= 25
        and firsts.share + seconds.share >= 60
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

-- One telling word and the noun read best; a second serves to tell clusters apart.
phrases as (
    select
        adjectives.level,
        adjectives.cluster,
        adjectives.word || ' ' || nouns.word as name,
        adjectives.is_sure,
        adjectives.is_narrow,
        adjectives.score
    from adjectives
    inner join nouns
        on adjectives.level = nouns.level and adjectives.cluster = nouns.cluster
    union all
    select
        firsts.level,
        firsts.cluster,
        firsts.word || ' ' || seconds.word || ' ' || nouns.word as name,
        firsts.is_sure and seconds.is_sure as is_sure,
        firsts.is_narrow or seconds.is_narrow as is_narrow,
        (firsts.score + seconds.score)
        * case
            when firsts.place = seconds.place then 0.4
            else 0.55
        end as score
    from adjectives as firsts
    inner join adjectives as seconds
        on
            firsts.level = seconds.level
            and firsts.cluster = seconds.cluster
            and (
                firsts.place < seconds.place
                or (
                    firsts.place = seconds.place
                    and (
                        firsts.score > seconds.score
                        or (
                            firsts.score = seconds.score
                            and firsts.word < seconds.word
                        )
                    )
                )
            )
    inner join nouns
        on
            firsts.level = nouns.level
            and firsts.cluster = nouns.cluster
            and nouns.words = 1
    union all
    select
        level,
        cluster,
        word as name,
        true as is_sure,
        false as is_narrow,
        if(is_tied, 0.6, 0.03) as score
    from pairs
    where len(string_split(word, ' ')) = 3
    union all
    select
        level,
        cluster,
        'Mostly ' || word as name,
        true as is_sure,
        false as is_narrow,
        0.02 as score
    from homes
    where sets_apart and share >= 75
    union all
    -- Better what is known of its people than that its homes are mixed.
    select
        adjectives.level,
        adjectives.cluster,
        adjectives.word || ' Neighbourhoods' as name,
        adjectives.is_sure,
        adjectives.is_narrow,
        0.01 + adjectives.score / 1000 as score
    from adjectives
    inner join nouns
        on
            adjectives.level = nouns.level
            and adjectives.cluster = nouns.cluster
            and nouns.word <> 'Neighbourhoods'
    union all
    -- A kind of home alone says too little: a place is typical where no word is sure,
    -- and mixed where that is taken.
    select
        nouns.level,
        nouns.cluster,
        unnest(
            list_concat(
                if(coalesce(bool_or(adjectives.is_sure), false), [], ['Typical ']),
                ['Mixed ']
            )
        ) || nouns.word as name,
        true as is_sure,
        false as is_narrow,
        if(starts_with(name, 'Typical'), 0.01, 0.005) as score
    from nouns
    left join adjectives
        on
            nouns.level = adjectives.level
            and nouns.cluster = adjectives.cluster
    where nouns.word <> 'Neighbourhoods'
    group by nouns.level, nouns.cluster, nouns.word
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
        true as is_sure,
        false as is_narrow,
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
        candidates.is_sure,
        candidates.is_narrow,
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
)

select * from free
