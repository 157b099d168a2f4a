-- One row: one clause of a given name or portrait that speaks of a variable.
with texts as (
    select
        level,
        cluster,
        name as text
    from given_names
    where fate = 'kept'
    union all
    select
        level,
        cluster,
        portrait as text
    from given_names
    where fate = 'kept'
),

clauses as (
    select
        level,
        cluster,
        trim(
            unnest(
                regexp_split_to_array(
                    text,
                    '[.;:!?\n]+| (but|while|whilst|whereas|though|although'
                    || '|rather than|instead of|in contrast to|unlike|despite) '
                )
            )
        ) as clause
    from texts
),

mentioned as (
    select distinct
        clauses.level,
        clauses.cluster,
        variable_words.variable,
        variable_words.phrase,
        clauses.clause,
        -- "less common" is one word for rare; what names the variable tells nothing.
        regexp_replace(
            regexp_replace(clauses.clause, variable_words.mention, ' ', 'gi'),
            '\b(less|not|far from|nowhere near|hardly|un)[ -]?'
            || '(as |so |very |particularly |at all )?'
            || '(common|often|likely|frequent|usual|typical|widespread|prevalent'
            || '|numerous|many|much|represented)\b',
            'rare',
            'gi'
        ) as rest
    from clauses
    inner join variable_words
        on regexp_matches(clauses.clause, variable_words.mention, 'i')
),

signs as (
    select
        *,
        regexp_matches(
            rest,
            '\b(no|not|none|few|fewer|fewest|less|least|little|low|lower|lowest'
            || '|rare|rarer|rarely|scarce|scarcer|seldom|hardly|without|lacks?'
            || '|lacking|below|under-?represented|limited|absent|absence|minority'
            || '|small|smaller|neither|nor|avoid|shortage|uncommon)\b',
            'i'
        ) as says_few,
        regexp_matches(
            rest,
            '\b(more|most|mostly|many|much|high|higher|highest|common|majority'
            || '|dominant|dominate[sd]?|above|large|larger|often|typical|typically'
            || '|over-?represented|abundant|prevalent|widespread|mainly|largely)\b',
            'i'
        ) as says_many
    from mentioned
),

read as (
    select
        signs.level,
        signs.cluster,
        signs.variable,
        signs.phrase,
        signs.clause,
        case
            when signs.says_few and signs.says_many then 'unclear'
            when signs.says_few then 'below'
            else 'above'
        end as read_as,
        profiles.index_score,
        profiles.direction
    from signs
    inner join cluster_profiles as profiles
        on
            signs.level = profiles.level
            and signs.cluster = profiles.cluster
            and signs.variable = profiles.variable
),

judged as (
    select
        * exclude (direction),
        case
            when read_as = 'unclear' then 'unclear'
            when direction = 'near' then 'within 80-120'
            when direction = read_as then 'supported'
            else 'contradicted'
        end as verdict
    from read
)

select * from judged
