-- One row: one thing that speaks against a given name, or against a whole reply.
with kept as (
    select * from given_names
    where fate = 'kept'
),

-- The last reply to each question, while the clusters were what they are now.
replies as (
    select
        name_log.level,
        name_log.asked,
        name_log.answered
    from name_log
    inner join naming_snapshot
        on name_log.snapshot = naming_snapshot.snapshot
    where name_log.verdict = 'named'
    qualify
        row_number() over (
            partition by name_log.level, name_log.asked order by name_log.sent_at desc
        ) = 1
),

asked as (
    select distinct
        level,
        unnest(asked) as cluster
    from replies
),

answered as (
    select
        level,
        asked,
        unnest(answered) as cluster
    from replies
),

too_many as (
    select
        level,
        cluster,
        count(*) as times
    from answered
    group by level, cluster, asked
    having count(*) > 1 or not list_contains(asked, cluster)
),

repeated as (
    select
        level,
        cluster,
        lag(level || ' ' || cluster) over (
            partition by lower(name)
            order by is_approved desc, level desc, cluster asc
        ) as bearer
    from kept
    where name <> ''
),

found as (
    select
        level,
        cluster,
        cluster as named_cluster,
        'the name is empty' as problem,
        '' as detail
    from kept
    where coalesce(name, '') = ''
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the name has more than 3 words' as problem,
        name as detail
    from kept
    where len(regexp_extract_all(name, '\S+')) > 3
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the name is used twice' as problem,
        'it is that of ' || bearer as detail
    from repeated
    where bearer is not null
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the portrait is empty' as problem,
        '' as detail
    from kept
    where portrait = '' or (portrait is null and source in ('llm', 'reply'))
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the portrait has more than 500 words' as problem,
        len(regexp_extract_all(portrait, '\S+')) || ' words' as detail
    from kept
    where len(regexp_extract_all(portrait, '\S+')) > 500
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the portrait holds digits or per cent' as problem,
        regexp_extract(portrait, '\S*([\p{Nd}%‰]|\b[Pp]er ?cent)\S*') as detail
    from kept
    where regexp_matches(portrait, '[\p{Nd}%‰]|\b[Pp]er ?cent')
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the portrait is not in the third person' as problem,
        regexp_extract(portrait, '\b(I|[Ww]e|[Oo]urs?|my|[Yy]ou|[Yy]ours?)\b') as detail
    from kept
    where regexp_matches(portrait, '\b(I|[Ww]e|[Oo]urs?|my|[Yy]ou|[Yy]ours?)\b')
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'no claim vouches for it' as problem,
        '' as detail
    from kept
    anti join name_mentions
        on kept.level = name_mentions.level and kept.cluster = name_mentions.cluster
    where len(claims) = 0 and source in ('llm', 'reply')
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'claim ' || coalesce(variable, '') || ' ' || coalesce(direction, '')
        || ': ' || verdict as problem,
        coalesce(
            variable_name || ' has index score ' || round(index_score)::bigint,
            'the data have no such variable'
        ) as detail
    from name_claims
    where verdict <> 'supported'
    union all
    select
        level,
        cluster,
        cluster as named_cluster,
        'the ' || place || ' has ' || phrase || ' as ' || read_as || ': ' || verdict
            as problem,
        'index score ' || round(index_score)::bigint
        || coalesce(format(', {:.0f} %', share), '')
        || case
            when verdict = 'not the commonest' and commonest <> phrase
                then format('; {} have {:.0f} %', commonest, commonest_share)
            else ''
        end
        || ': “' || clause || '”' as detail
    from name_mentions
    where verdict in ('contradicted', 'within 80-120', 'not the commonest')
    union all
    select
        level,
        null as cluster,
        named_cluster,
        'there is no such cluster' as problem,
        coalesce(name, '') as detail
    from given_names
    where fate = 'unknown cluster'
    union all
    select
        level,
        null as cluster,
        named_cluster,
        'its cluster has other areas now' as problem,
        name || ' fits ' || floor(100 * overlap)::bigint || ' % of them' as detail
    from given_names
    where fate = 'outlived'
    union all
    select
        asked.level,
        asked.cluster,
        asked.cluster as named_cluster,
        'the reply left it out' as problem,
        '' as detail
    from asked
    anti join kept
        on asked.level = kept.level and asked.cluster = kept.cluster
    union all
    select distinct
        level,
        null as cluster,
        cluster as named_cluster,
        'the reply named one too many' as problem,
        if(times > 1, times || ' times', 'it was not asked for') as detail
    from too_many
)

select * from found
