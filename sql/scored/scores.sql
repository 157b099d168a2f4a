-- One row: one area on one level: its class, the next one, and how sure that is.
with margins as (
    select
        *,
        (distance_to_next - distance) / nullif(distance_to_next, 0) as margin
    from nearest_classes
),

curve as (
    select
        level,
        margin as margin_from,
        probability as probability_from,
        lead(margin) over by_margin as margin_to,
        lead(probability) over by_margin as probability_to
    from model_calibration
    window by_margin as (partition by level order by margin)
),

-- Between two points of the curve a straight line; beyond the last, its level.
calibrated as (
    select
        margins.*,
        case
            when margins.next_class is null then 1
            else coalesce(
                curve.probability_from
                + (curve.probability_to - curve.probability_from)
                * (margins.margin - curve.margin_from)
                / nullif(curve.margin_to - curve.margin_from, 0),
                curve.probability_from
            )
        end as probability_within
    from margins
    asof left join curve
        on
            margins.level = curve.level
            and coalesce(margins.margin, 0) >= curve.margin_from
),

-- A class is right where that above it is right too.
chained as (
    select
        calibrated.*,
        exp(sum(ln(greatest(calibrated.probability_within, 1e-9))) over (
            partition by calibrated.area order by calibrated.level
        )) as probability
    from calibrated
),

scored as (
    select
        chained.area,
        chained.level,
        centroids.level_name,
        chained.class,
        centroids.class_name,
        chained.distance,
        chained.next_class,
        chained.distance_to_next,
        chained.margin,
        chained.probability,
        positions.variables_used
    from chained
    inner join positions on chained.area = positions.area
    inner join centroids
        on chained.level = centroids.level and chained.class = centroids.class
)

select * from scored
