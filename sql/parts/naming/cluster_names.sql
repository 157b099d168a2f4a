-- One row: one cluster, the name and pen portrait that it goes by, and their standing.
with problems as (
    select
        name_problems.level,
        -- A name whose areas are gone is reviewed where its letter is without one.
        coalesce(name_problems.cluster, name_problems.named_cluster) as cluster,
        name_problems.problem,
        name_problems.problem
        || if(name_problems.detail = '', '', ' (' || name_problems.detail || ')')
            as reason,
        list_contains(coalesce(given_names.accepted, []), name_problems.problem)
            as is_accepted
    from name_problems
    left join given_names
        on
            name_problems.level = given_names.level
            and name_problems.cluster = given_names.cluster
    left join given_names as successors
        on
            name_problems.level = successors.level
            and name_problems.named_cluster = successors.cluster
    where
        name_problems.cluster is not null
        or (
            name_problems.problem = 'its cluster has other areas now'
            and successors.cluster is null
        )
),

reasons as (
    select
        level,
        cluster,
        list(reason order by reason) as reasons,
        count(*) filter (where not is_accepted) as open_problems
    from problems
    group by level, cluster
),

judged as (
    select
        rule_names.level,
        regexp_extract(rule_names.cluster, '^[A-Z]+') as family,
        rule_names.cluster,
        rule_names.name as rule_name,
        rule_portraits.portrait as rule_portrait,
        runner_up_names.runner_up,
        runner_up_names.is_near_tie,
        given_names.name as given_name,
        given_names.portrait as given_portrait,
        given_names.source,
        given_names.model,
        given_names.prompt_version,
        given_names.note,
        coalesce(reasons.reasons, []) as reasons,
        case
            when coalesce(reasons.open_problems, 0) > 0 then 'needs_review'
            when given_names.is_approved then 'approved'
            else 'draft'
        end as status
    from rule_names
    inner join rule_portraits
        on
            rule_names.level = rule_portraits.level
            and rule_names.cluster = rule_portraits.cluster
    inner join runner_up_names
        on
            rule_names.level = runner_up_names.level
            and rule_names.cluster = runner_up_names.cluster
    left join given_names
        on
            rule_names.level = given_names.level
            and rule_names.cluster = given_names.cluster
    left join reasons
        on
            rule_names.level = reasons.level
            and rule_names.cluster = reasons.cluster
),

-- Until someone has looked at it, a doubtful name gives way to the rule's.
named as (
    select
        level,
        family,
        cluster,
        status,
        given_name is not null and status <> 'needs_review' as is_given,
        if(is_given, given_name, rule_name) as name,
        if(is_given, coalesce(given_portrait, rule_portrait), rule_portrait)
            as portrait,
        if(is_given, source, 'rule') as source,
        if(is_given, model, null) as model,
        if(is_given, prompt_version, null) as prompt_version,
        note as reviewer_note,
        reasons,
        if(is_given, null, given_name) as proposed_name,
        if(is_given, null, given_portrait) as proposed_portrait,
        runner_up,
        is_near_tie
    from judged
),

columns_kept as (
    select * exclude (is_given)
    from named
)

select * from columns_kept
