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

worded as (
    select
        *,
        case
            when rank = 1 then 'the largest'
            when rank = siblings then 'the smallest'
            when rank > 10 then 'one of the smaller'
            else
                'the ' || string_split(
                    'second third fourth fifth sixth seventh eighth ninth tenth', ' '
                )[rank - 1] || ' largest'
        end as rank_in_words,
        if(level = 'subgroup', ' of its supergroup', '') as of_what,
        if(level = 'subgroup', 'that supergroup''s', 'the') as whose
    from ranks
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
                || ', with ' || share_in_words(share) || ' of ' || whose
                || ' areas.'
        end as sentence
    from worded
),

-- What there is most of, whether or not that sets the place apart.
commonest as (
    select
        level,
        cluster,
        any_value(phrase) filter (where whole = 'dwelling') as homes,
        any_value(share) filter (where whole = 'dwelling') / 100 as share_of_homes,
        any_value(phrase) filter (where whole = 'tenure') as tenure,
        any_value(share) filter (where whole = 'tenure') / 100 as share_of_tenure
    from cluster_shares
    where is_commonest
    group by level, cluster
),

commonest_sentences as (
    select
        level,
        cluster,
        case
            when homes is not null
                then
                    capitalised(homes) || ' are the commonest kind of home, '
                    || share_in_words(share_of_homes) || ' of them.'
            else ''
        end
        || case
            when homes is not null and tenure is not null then ' '
            else ''
        end
        || case
            when tenure is not null
                then
                    capitalised(tenure) || ' are the commonest tenure, '
                    || share_in_words(share_of_tenure) || ' of the homes.'
            else ''
        end as sentence
    from commonest
    where homes is not null or tenure is not null
),

-- What one counts is more common or rarer; what one measures is higher or lower.
phrases as (
    select
        level,
        cluster,
        coalesce(domain, '') as domain,
        direction,
        phrase,
        unit = 'share' as is_counted,
        index_score >= 200 as is_far_above,
        max(abs(strength)) as strength
    from distinctive_variables
    where is_noticed
    group by all
),

strongest as (
    select *
    from phrases
    qualify
        row_number() over (
            partition by level, cluster, direction order by strength desc, phrase asc
        ) <= case direction when 'above' then 9 else 7 end
),

-- One sentence for each domain, the most telling domain first.
domains as (
    select
        level,
        cluster,
        domain,
        list(phrase order by strength desc, phrase asc) filter (
            where direction = 'above' and is_far_above
        )[:4] as far_above,
        list(phrase order by strength desc, phrase asc) filter (
            where direction = 'above' and not is_far_above
        )[:4] as above,
        list(phrase order by strength desc, phrase asc) filter (
            where direction = 'below'
        )[:4] as below,
        row_number() over (
            partition by level, cluster order by max(strength) desc, domain asc
        ) as place
    from strongest
    where is_counted
    group by level, cluster, domain
),

-- The first sentence says in full what the others are about.
domain_sentences as (
    select
        level,
        cluster,
        place,
        case
            when place % 2 = 1
                then
                    capitalised(
                        array_to_string(
                            list_filter(
                                [
                                    spoken_list(far_above) || ' are far more common'
                                    || if(
                                        place = 1, ' here than across the region', ''
                                    ),
                                    spoken_list(above) || ' are more common'
                                    || if(
                                        place = 1 and far_above is null,
                                        ' here than across the region',
                                        ''
                                    ),
                                    spoken_list(below) || ' are rarer'
                                    || if(
                                        place = 1
                                        and far_above is null
                                        and above is null,
                                        ' here than across the region',
                                        ''
                                    )
                                ],
                                lambda part: part is not null
                            ),
                            '; '
                        )
                    )
            else
                'There are '
                || array_to_string(
                    list_filter(
                        [
                            'far more ' || spoken_list(far_above),
                            'more ' || spoken_list(above),
                            'fewer ' || spoken_list(below)
                        ],
                        lambda part: part is not null
                    ),
                    '; there are '
                )
        end || '.' as sentence
    from domains
),

measured_sentences as (
    select
        level,
        cluster,
        string_agg(
            capitalised(phrase) || ' is '
            || case
                when direction = 'below' then 'lower'
                when is_far_above then 'far higher'
                else 'higher'
            end || ' here than across the region.',
            ' ' order by strength desc, phrase asc
        ) as sentence
    from strongest
    where not is_counted
    group by level, cluster
),

-- Only what also stands out from the region, so that "more" never means "less rare".
gaps as (
    select
        level,
        cluster,
        direction,
        phrase,
        max(abs(gap_to_sibling)) as gap
    from distinctive_variables
    where
        is_noticed
        and unit = 'share'
        and gap_to_sibling * case direction when 'above' then 1 else -1 end > 0.2
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
        array_to_string(
            list_filter(
                [
                    size_sentences.sentence,
                    commonest_sentences.sentence,
                    coalesce(
                        string_agg(
                            domain_sentences.sentence,
                            ' ' order by domain_sentences.place
                        ),
                        if(
                            measured_sentences.sentence is null,
                            'It differs little from the average of the region.',
                            null
                        )
                    ),
                    measured_sentences.sentence,
                    sibling_sentences.sentence
                ],
                lambda sentence: sentence is not null
            ),
            ' '
        ) as portrait
    from size_sentences
    left join commonest_sentences
        on
            size_sentences.level = commonest_sentences.level
            and size_sentences.cluster = commonest_sentences.cluster
    left join domain_sentences
        on
            size_sentences.level = domain_sentences.level
            and size_sentences.cluster = domain_sentences.cluster
    left join measured_sentences
        on
            size_sentences.level = measured_sentences.level
            and size_sentences.cluster = measured_sentences.cluster
    left join sibling_sentences
        on
            size_sentences.level = sibling_sentences.level
            and size_sentences.cluster = sibling_sentences.cluster
    group by
        size_sentences.level, size_sentences.cluster,
        size_sentences.sentence, commonest_sentences.sentence,
        measured_sentences.sentence, sibling_sentences.sentence
)

select * from portraits
