-- One row: one pair of areas that moved on one level, and one variable's part in that.
with parts as (
    select
        moves.area,
        moves.area_before,
        moves.level,
        moves.class_before,
        moves.class_after,
        -- How much nearer the new class came against the old one: with z the area's and
        -- c the classes' places, the parts 2 (z after − z before)(c after − c before)
        -- add up to the change of the two squared distances' difference.
        list_sort(
            list_transform(
                list_zip(
                    string_split(placed_after.variables, ', '),
                    placed_after.position,
                    placed_before.position,
                    new.centroid,
                    old.centroid,
                    placed_after.is_known,
                    placed_before.is_known
                ),
                lambda v: {
                    'part': 2 * (v[2] - v[3]) * (v[4] - v[5]) * v[6] * v[7],
                    'variable': v[1]
                }
            ),
            'desc'
        ) as ordered
    from moves
    inner join placed_before on moves.area_before = placed_before.area
    inner join placed_after on moves.area = placed_after.area
    inner join class_centroids as old
        on moves.level = old.level and moves.class_before = old.class
    inner join class_centroids as new
        on moves.level = new.level and moves.class_after = new.class
    where moves.has_moved
),

kept as (
    select
        *,
        getvariable('movers_leading') as most
    from parts
),

chosen as (
    select
        * exclude (ordered, most),
        unnest(
            case
                when len(ordered) <= most then ordered
                else list_append(
                    ordered[:most],
                    {
                        'part': list_sum(
                            list_transform(ordered[most + 1:], lambda p: p['part'])
                        ),
                        'variable': 'all others'
                    }
                )
            end
        ) as entry
    from kept
),

named as (
    select
        * exclude (entry),
        entry['variable'] as variable,
        entry['part'] as part
    from chosen
)

select * from named
