-- One row: when embeddings help, in one paragraph.
with measures as (
    select
        case
            when kind = 'classes' then 'accuracy'
            else 'r_squared'
        end as measure,
        case when kind = 'classes' then 'accuracy' else 'R²' end as said
    from target_kinds
),

held_out as (
    select case when bool_and(is_unseen) then 'unseen blocks' else 'blocks' end as name
    from fold_contacts
    where validation = 'blocked'
),

found as (
    select
        forest_evidence.validation,
        forest_evidence.feature_set,
        forest_evidence.baseline,
        measures.said,
        forest_evidence.value,
        format(
            '{:.3f} ({:.3f} to {:.3f})',
            forest_evidence.value, forest_evidence.low, forest_evidence.high
        ) as score,
        format(
            '{:+.3f} ({:+.3f} to {:+.3f}, {})',
            forest_evidence.value,
            forest_evidence.low,
            forest_evidence.high,
            case
                when forest_evidence.low > 0 then 'more than chance'
                when forest_evidence.high < 0 then 'worse than chance'
                else 'within chance'
            end
        ) as gain
    from forest_evidence
    inner join measures on forest_evidence.measure = measures.measure
),

scores as (
    select
        any_value(said) as said,
        any_value(score) filter (
            where feature_set = 'socioeconomic' and baseline = 'none'
        ) as predictors,
        any_value(score) filter (
            where feature_set = 'embeddings' and baseline = 'none'
        ) as embeddings,
        any_value(score) filter (
            where feature_set = 'both' and baseline = 'none'
        ) as together,
        any_value(value) filter (
            where feature_set = 'majority' and baseline = 'none'
        ) as floor,
        any_value(gain) filter (
            where feature_set = 'embeddings' and baseline = 'socioeconomic'
        ) as instead,
        any_value(gain) filter (
            where feature_set = 'both' and baseline = 'socioeconomic'
        ) as beside
    from found
    where validation = 'blocked'
),

random_gain as (
    select any_value(gain) as beside
    from found
    where
        validation = 'random'
        and feature_set = 'both'
        and baseline = 'socioeconomic'
),

outside as (
    select
        coalesce(
            sum((areas_tested + areas_without_target)::bigint)
            filter (where not is_inside),
            0
        ) as areas
    from applicability_scores
    where feature_set = 'both'
),

paragraph as (
    select
        'When do embeddings help?' as title,
        format(
            'On {}, {} is {} by the predictors alone, {} by the embeddings alone and '
            || '{} by both; knowing nothing gives {:.3f}. In place of the predictors '
            || 'the embeddings are worth {}, beside them {}; on random folds, where '
            || 'neighbours give the answer away, {}.',
            held_out.name,
            scores.said,
            scores.predictors,
            scores.embeddings,
            scores.together,
            scores.floor,
            scores.instead,
            scores.beside,
            random_gain.beside
        )
        || format(
            ' Sets that are to hold {:.0f} % of the targets hold {:.1f} % there '
            || '({:.1f} to {:.1f} by fold), {:.1f} wide in the mean. {:,} areas are '
            || 'unlike all that trained: there no score vouches for the model.',
            100 * conformal_coverage.asked_for,
            100 * conformal_coverage.coverage,
            100 * conformal_coverage.lowest_fold,
            100 * conformal_coverage.highest_fold,
            conformal_coverage.mean_size,
            outside.areas::bigint
        ) as text
    from scores
    cross join held_out
    cross join random_gain
    cross join outside
    inner join conformal_coverage on conformal_coverage.feature_set = 'both'
)

select * from paragraph
