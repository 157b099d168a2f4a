-- One row: one cluster and the pen portrait that rules write from its index scores.
with sizes as (
    select
        level,
        if(level = 'subgroup', family, '') as whole,
        cluster,
        count(*) as areas
    from cluster_members
    group by level, family, cluster
),

ranks as (
    select
        *,
        row_number() over (
            partition by level, whole order by areas desc, cluster asc
        ) as rank,
        count(*) over (partition by level, whole) as siblings,
        areas / sum(areas) over (partition by level, whole) as share
    from sizes
),

-- Shares in words: a portrait holds no digits.
fractions as (
    select
        listed.share,
        listed.words
    from (
        values
        (0.01, 'a small fraction'),
        (0.05, 'about one in twenty'),
        (0.1, 'about a tenth'),
        (0.15, 'about one in seven'),
        (0.2, 'about a fifth'),
        (0.25, 'about a quarter'),
        (0.333, 'about a third'),
        (0.4, 'about two fifths'),
        (0.5, 'about half'),
        (0.6, 'about three fifths'),
        (0.667, 'about two thirds'),
        (0.75, 'about three quarters'),
        (0.9, 'nearly all')
    ) as listed (share, words)
),

worded as (
    select
        ranks.*,
        fractions.words as share_in_words,
        case
            when ranks.rank = 1 then 'the largest'
            when ranks.rank = ranks.siblings then 'the smallest'
            when ranks.rank > 10 then 'one of the smaller'
            else
                'the ' || string_split(
                    'second third fourth fifth sixth seventh eighth ninth tenth', ' '
                )[ranks.rank - 1] || ' largest'
        end as rank_in_words,
        if(ranks.level = 'subgroup', ' of its supergroup', '') as of_what
    from ranks
    cross join fractions
    qualify
        row_number() over (
            partition by ranks.level, ranks.cluster
            order by abs(fractions.share - ranks.share), fractions.share
        ) = 1
),

size_sentences as (
    select
        level,
        cluster,
        case
            when siblings = 1 then 'This is the only ' || level || of_what || '.'
            else
                'This is ' || rank_in_words || ' of the '
                || spell_numbers(siblings::text) || ' ' || level || 's' || of_what
                || ', with ' || share_in_words || ' of the areas.'
        end as sentence
    from worded
),

strongest as (
    select
        distinctive_variables.level,
        distinctive_variables.cluster,
        coalesce(distinctive_variables.domain, '') as domain,
        distinctive_variables.direction,
        variable_words.phrase,
        max(abs(distinctive_variables.strength)) as strength,
        max(distinctive_variables.index_score) as index_score
    from distinctive_variables
    inner join variable_words
        on distinctive_variables.variable = variable_words.variable
    where
        distinctive_variables.rank
        <= case distinctive_variables.direction when 'above' then 9 else 7 end
    group by all
),

-- One sentence for each domain, the most telling domain first.
domains as (
    select
        level,
        cluster,
        domain,
        list(phrase order by strength desc, phrase asc) filter (
            where direction = 'above'
        )[:4] as above,
        list(phrase order by strength desc, phrase asc) filter (
            where direction = 'below'
        )[:3] as below,
        max(index_score) >= 200 as is_far_above,
        row_number() over (
            partition by level, cluster order by max(strength) desc, domain asc
        ) as place
    from strongest
    group by level, cluster, domain
),

domain_sentences as (
    select
        level,
        cluster,
        place,
        case
            when below is null
                then case place % 3
                    when 1
                        then
                            capitalised(spoken_list(above)) || ' are '
                            || case when is_far_above then 'far ' else '' end
                            || 'more common here than across the region.'
                    when 2 then 'There are also more ' || spoken_list(above) || '.'
                    else capitalised(spoken_list(above)) || ' are over-represented.'
                end
            when above is null
                then case place % 3
                    when 1
                        then
                            capitalised(spoken_list(below))
                            || ' are rarer here than across the region.'
                    when 2 then 'There are also fewer ' || spoken_list(below) || '.'
                    else capitalised(spoken_list(below)) || ' are under-represented.'
                end
            else case place % 3
                when 1
                    then
                        capitalised(spoken_list(above)) || ' are '
                        || case when is_far_above then 'far ' else '' end
                        || 'more common here than across the region, while '
                        || spoken_list(below) || ' are rarer.'
                when 2
                    then
                        'There are also more ' || spoken_list(above)
                        || ', but fewer ' || spoken_list(below) || '.'
                else
                    capitalised(spoken_list(above))
                    || ' are over-represented, whereas ' || spoken_list(below)
                    || ' are under-represented.'
            end
        end as sentence
    from domains
),

-- Only what also stands out from the region, so that "more" never means "less rare".
gaps as (
    select
        distinctive_variables.level,
        distinctive_variables.cluster,
        distinctive_variables.direction,
        variable_words.phrase,
        max(abs(distinctive_variables.gap_to_sibling)) as gap
    from distinctive_variables
    inner join variable_words
        on distinctive_variables.variable = variable_words.variable
    where
        distinctive_variables.gap_to_sibling
        * case distinctive_variables.direction when 'above' then 1 else -1 end > 0.2
    group by all
),

told_apart as (
    select
        level,
        cluster,
        list(phrase order by gap desc, phrase asc) filter (
            where direction = 'above'
        )[:3] as more,
        list(phrase order by gap desc, phrase asc) filter (
            where direction = 'below'
        )[:3] as fewer
    from gaps
    group by level, cluster
),

sibling_sentences as (
    select
        level,
        cluster,
        'Set beside the ' || level || ' most like it, it has '
        || case
            when more is null then 'fewer ' || spoken_list(fewer)
            when fewer is null then 'more ' || spoken_list(more)
            else 'more ' || spoken_list(more) || ', but fewer ' || spoken_list(fewer)
        end || '.' as sentence
    from told_apart
),

portraits as (
    select
        size_sentences.level,
        size_sentences.cluster,
        size_sentences.sentence || ' '
        || coalesce(
            string_agg(domain_sentences.sentence, ' ' order by domain_sentences.place),
            'It lies close to the average of the region in every respect.'
        )
        || coalesce(' ' || sibling_sentences.sentence, '') as portrait
    from size_sentences
    left join domain_sentences
        on
            size_sentences.level = domain_sentences.level
            and size_sentences.cluster = domain_sentences.cluster
    left join sibling_sentences
        on
            size_sentences.level = sibling_sentences.level
            and size_sentences.cluster = sibling_sentences.cluster
    group by
        size_sentences.level, size_sentences.cluster,
        size_sentences.sentence, sibling_sentences.sentence
)

select * from portraits
