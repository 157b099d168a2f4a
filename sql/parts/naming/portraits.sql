-- One row: one block of portraits.md, the pen portraits for reading.
with blocks as (
    select
        0 as family_place,
        '' as family,
        '' as cluster,
        '# Pen portraits: ' || plain_markdown(region) || chr(10) || chr(10)
        || 'Each type is described by how its areas differ from the average of the '
        || 'region. A draft has not been read by anyone yet; a name that needs review '
        || 'is replaced by one from rules until someone has decided.' as text
    from naming_snapshot
    union all
    select
        len(family) as family_place,
        family,
        cluster,
        if(level = 'subgroup', '### ', '## ') || cluster || ' ' || plain_markdown(name)
        || chr(10) || chr(10)
        || '*' || with_inside(areas, 'areas', areas_inside)
        || format(', {:.1f} % of the region', share_of_areas)
        || coalesce(
            '; ' || with_inside(population, 'residents', population_inside), ''
        )
        || case
            when areas_with_population between 1 and areas - 1
                then format(
                    ' in the {:,} areas that have a figure', areas_with_population
                )
            else ''
        end
        || '. ' || case source
            when 'rule' then 'Written by rules'
            when 'llm' then 'Written by a language model'
            when 'reply' then 'Written by a language model'
            else 'Written by hand'
        end
        || case status
            when 'approved' then ', approved'
            when 'needs_review' then '; a proposal waits for review'
            else ', draft'
        end
        || '.*' || chr(10) || chr(10)
        || plain_markdown(portrait) as text
    from cluster_descriptions
),

numbered as (
    select
        row_number() over (
            order by
                family_place asc,
                family asc,
                len(cluster) asc,
                cluster asc
        ) as block,
        text
    from blocks
)

select * from numbered
