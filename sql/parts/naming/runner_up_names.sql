-- One row: one cluster, the name that came next after the rule's, and how close it was.
with next_best as (
    select
        rule_names.level,
        rule_names.cluster,
        candidates.name,
        1 - candidates.score / rule_names.score as behind_by
    from rule_names
    inner join name_candidates as candidates
        on
            rule_names.turn = candidates.turn
            and rule_names.name <> candidates.name
    left join rule_names as others
        on candidates.name = others.name and rule_names.turn > others.turn
    where candidates.score > 0 and others.name is null
    qualify
        row_number() over (
            partition by rule_names.turn
            order by candidates.score desc, candidates.name asc
        ) = 1
),

next_nouns as (
    select
        shares.level,
        shares.cluster,
        own_words.home_noun as noun,
        next_words.home_noun as next_noun,
        shares.ahead_by / shares.share as ahead_by
    from cluster_shares as shares
    inner join variable_words as own_words
        on shares.variable = own_words.variable
    inner join variable_words as next_words
        on shares.next_commonest = next_words.variable
    where
        shares.is_commonest
        and own_words.home_noun is not null
        and next_words.home_noun is not null
),

named as (
    select
        rule_names.level,
        rule_names.cluster,
        coalesce(next_nouns.ahead_by < getvariable('names_near_tie') / 100, false)
            as has_tied_noun,
        case
            when has_tied_noun
                then replace(rule_names.name, next_nouns.noun, next_nouns.next_noun)
            else next_best.name
        end as runner_up,
        coalesce(
            has_tied_noun
            or rule_names.is_narrow
            or next_best.behind_by < getvariable('names_near_tie') / 100,
            false
        ) as is_near_tie
    from rule_names
    left join next_best
        on
            rule_names.level = next_best.level
            and rule_names.cluster = next_best.cluster
    left join next_nouns
        on
            rule_names.level = next_nouns.level
            and rule_names.cluster = next_nouns.cluster
            and ends_with(rule_names.name, next_nouns.noun)
),

columns_kept as (
    select * exclude (has_tied_noun)
    from named
)

select * from columns_kept
