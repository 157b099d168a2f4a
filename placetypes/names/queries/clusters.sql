-- One row: one cluster of one level, the name it goes by and the one proposed.
with clusters as (
    select
        cluster_names.level,
        cluster_names.family,
        cluster_names.cluster,
        cluster_names.status,
        cluster_names.name,
        cluster_names.portrait,
        cluster_names.source,
        cluster_names.model,
        cluster_names.reasons,
        cluster_names.proposed_name,
        cluster_names.proposed_portrait,
        naming_briefs.brief,
        naming_briefs.workshop_brief,
        given_names.cluster is not null as has_given_name,
        cluster_names.reviewer_note as note,
        cluster_names.runner_up,
        cluster_names.is_near_tie
    from cluster_names
    inner join naming_briefs
        on
            cluster_names.level = naming_briefs.level
            and cluster_names.cluster = naming_briefs.cluster
    left join given_names
        on
            cluster_names.level = given_names.level
            and cluster_names.cluster = given_names.cluster
)

select * from clusters
