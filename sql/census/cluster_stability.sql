-- One row: one cluster of one level and how well other samples find it again.
with positions as (
    select
        level,
        area,
        cluster,
        memberships,
        drawn,
        unnest(range(1, len(memberships) + 1)) as number
    from bootstrap_labels
),

-- As Hennig has it, only areas that the sample drew count.
drawn_areas as (
    select
        level,
        number,
        cluster,
        memberships[number] as found
    from positions
    where drawn[number]
),

-- Subgroups have the letter of their supergroup, so all of a level go together.
shared as (
    select
        level,
        number,
        cluster,
        found,
        count(*) as areas
    from drawn_areas
    group by level, number, cluster, found
),

totals as (
    select
        *,
        sum(areas) over (partition by level, number, cluster) as areas_of_cluster,
        sum(areas) over (partition by level, number, found) as areas_found
    from shared
),

best as (
    select
        level,
        number,
        cluster,
        max(areas / (areas_of_cluster + areas_found - areas)) as jaccard
    from totals
    group by level, number, cluster
),

stability as (
    select
        level,
        cluster,
        exact_avg(jaccard) as jaccard,
        min(jaccard) as smallest_jaccard,
        count(*) filter (where jaccard <= 0.5) as times_dissolved,
        count(*) as samples,
        -- Hennig's reading of the mean.
        case
            when exact_avg(jaccard) >= 0.85 then 'highly stable'
            when exact_avg(jaccard) >= 0.75 then 'stable'
            when exact_avg(jaccard) >= 0.6 then 'a pattern, but its areas are doubtful'
            else 'not to be trusted'
        end as reading
    from best
    group by level, cluster
)

select * from stability
