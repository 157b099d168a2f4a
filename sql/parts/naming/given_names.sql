-- One row: one name of names.json, and the cluster that has its areas now.
with source as (
    select * from read_json(
        getvariable('names_file'),
        format = 'array',
        columns = {
            'level': 'varchar',
            'cluster': 'varchar',
            'name': 'varchar',
            'portrait': 'varchar',
            'claims': 'struct(variable varchar, direction varchar)[]',
            'source': 'varchar',
            'model': 'varchar',
            'prompt_version': 'varchar',
            'approved': 'boolean',
            'note': 'varchar',
            'accepted': 'varchar[]',
            'snapshot': 'varchar'
        }
    )
),

given as (
    select
        level,
        cluster as named_cluster,
        snapshot,
        trim(printable(name)) as name,
        trim(printable(portrait)) as portrait,
        coalesce(claims, []) as claims,
        coalesce(source, 'analyst') as source,
        model,
        prompt_version,
        coalesce(approved, false) as is_approved,
        printable(note) as note,
        coalesce(accepted, []) as accepted,
        row_number() over () as line
    from source
),

members_then as (
    select
        given.line,
        given.level,
        named_members.area
    from given
    inner join named_members
        on
            given.snapshot = named_members.snapshot
            and given.level = named_members.level
            and given.named_cluster = named_members.cluster
),

sizes_then as (
    select
        line,
        count(*) as areas
    from members_then
    group by line
),

sizes_now as (
    select
        level,
        cluster,
        count(*) as areas
    from cluster_members
    group by level, cluster
),

shared as (
    select
        members_then.line,
        members_then.level,
        cluster_members.cluster,
        count(*) as areas
    from members_then
    inner join cluster_members
        on
            members_then.level = cluster_members.level
            and members_then.area = cluster_members.area
    group by members_then.line, members_then.level, cluster_members.cluster
),

-- Areas in both ÷ areas in either (Jaccard): above one half, one cluster at most fits.
best_fits as (
    select
        shared.line,
        shared.cluster,
        shared.areas
        / (sizes_then.areas + sizes_now.areas - shared.areas) as overlap
    from shared
    inner join sizes_then on shared.line = sizes_then.line
    inner join sizes_now
        on shared.level = sizes_now.level and shared.cluster = sizes_now.cluster
    qualify
        row_number() over (
            partition by shared.line order by overlap desc, shared.cluster asc
        ) = 1
),

-- A cluster bears one name: the approved one, else the one that fits best.
fitting as (
    select
        given.line,
        best_fits.cluster,
        row_number() over (
            partition by given.level, best_fits.cluster
            order by
                given.is_approved desc,
                best_fits.overlap desc,
                given.line desc
        ) as place
    from given
    inner join best_fits on given.line = best_fits.line
    where best_fits.overlap >= getvariable('names_overlap')
),

followed as (
    select
        given.level,
        case when fitting.place = 1 then fitting.cluster end as cluster,
        given.named_cluster,
        case
            when sizes_then.line is null then 'unknown cluster'
            when fitting.line is null then 'outlived'
            when fitting.place > 1 then 'superseded'
            else 'kept'
        end as fate,
        coalesce(best_fits.overlap, 0) as overlap,
        given.* exclude (level, named_cluster, line)
    from given
    left join sizes_then on given.line = sizes_then.line
    left join best_fits on given.line = best_fits.line
    left join fitting on given.line = fitting.line
)

select * from followed
