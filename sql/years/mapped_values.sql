-- One row: one area and one number that the page colours by, as it is called there.
with shown as (
    select
        changes.area,
        unnest([
            {
                'variable': 'Angle between the years (degrees)',
                'value': changes.angle
            },
            {
                'variable': 'Angle of the neighbours (degrees)',
                'value': changes.neighbour_angle
            },
            {
                'variable': 'Beyond the neighbours (robust standard deviations)',
                'value': changes.z
            },
            { 'variable': 'Mix before', 'value': year_angles.mix_before },
            { 'variable': 'Mix after', 'value': year_angles.mix },
            {
                'variable': 'Random pairs of areas that are less apart (%)',
                'value': 100 * changes.share_of_pairs_nearer
            }
        ]) as entry
    from changes
    inner join year_angles on changes.area = year_angles.area
),

named as (
    select
        shown.area,
        shown.entry['variable'] as variable,
        shown.entry['value'] as value
    from shown
)

select * from named
