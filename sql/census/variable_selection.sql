-- One row: one variable that clusters and all evidence on whether it is needed.
with evidence as (
    select
        redundancy_groups.variable,
        redundancy_groups.variable_name,
        variable_weighting.domain,
        variable_weighting.weight,

        -- redundancy
        redundancy_groups.redundancy_group,
        redundancy_groups.group_size,
        redundancy_groups.kept_variable,

        -- contribution
        pca_selection.contribution,
        pca_selection.is_proposed,
        autoencoder_errors.lost_share,

        -- sensitivity, null where the clusters are made from features
        variable_sensitivity.separated_share,
        variable_sensitivity.adjusted_rand_index,
        variable_sensitivity.areas_moved,
        variable_sensitivity.share_moved
    from redundancy_groups
    inner join variable_weighting
        on redundancy_groups.variable = variable_weighting.variable
    inner join pca_selection
        on redundancy_groups.variable = pca_selection.variable
    inner join autoencoder_errors
        on redundancy_groups.variable = autoencoder_errors.variable
    left join variable_sensitivity
        on redundancy_groups.variable = variable_sensitivity.variable
),

reasons as (
    select
        *,
        list_filter(
            [
                case
                    when kept_variable <> variable
                        then 'redundant with ' || kept_variable
                end,
                case
                    when not is_proposed then 'contributes little to the components'
                end,
                case
                    when separated_share < 0.1
                        then 'hardly differs between supergroups'
                end,
                case
                    when share_moved < 1 then 'moves few areas'
                end
            ],
            lambda reason: reason is not null
        ) as reasons_to_leave_out
    from evidence
),

counted as (
    select
        * exclude (reasons_to_leave_out),
        len(reasons_to_leave_out) as reasons,
        array_to_string(reasons_to_leave_out, '; ') as reasons_to_leave_out
    from reasons
)

select * from counted
