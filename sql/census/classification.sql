-- One row: one classified area of the region, with all that is known of it.
with classified as (
    select
        subgroups.area,
        region_areas.district,
        region_areas.district_name,
        region_areas.is_inside,

        -- clusters
        subgroups.supergroup,
        supergroup_names.name as supergroup_name,
        subgroups.subgroup,
        subgroup_names.name as subgroup_name,
        hierarchy.deepest_cluster,

        -- fit
        supergroup_fit.distance_to_own,
        supergroup_fit.next_supergroup,
        keep_probabilities.keep_probability,
        supergroup_fit.distance_to_next,
        supergroup_fit.fit,
        supergroups.stability,

        -- place
        umap.umap_x,
        umap.umap_y,
        population.population,
        areas.geometry
    from subgroups
    inner join region_areas on subgroups.area = region_areas.area
    inner join supergroups on subgroups.area = supergroups.area
    inner join hierarchy on subgroups.area = hierarchy.area
    inner join supergroup_fit on subgroups.area = supergroup_fit.area
    inner join keep_probabilities on subgroups.area = keep_probabilities.area
    left join cluster_names as supergroup_names
        on
            supergroup_names.level = 'supergroup'
            and subgroups.supergroup = supergroup_names.cluster
    left join cluster_names as subgroup_names
        on
            subgroup_names.level = 'subgroup'
            and subgroups.subgroup = subgroup_names.cluster
    left join umap on subgroups.area = umap.area
    left join population on subgroups.area = population.area
    left join areas on subgroups.area = areas.area
)

select * from classified
