-- One row: one embedding dimension, a column of both files that fits the pattern.
with columns_of_files as (
    select
        'earlier' as year,
        name as column_name
    from parquet_schema(getvariable('earlier_path'))
    union all
    select
        'later' as year,
        name as column_name
    from parquet_schema(getvariable('later_path'))
),

fitting as (
    select
        column_name,
        list(year order by year) as years
    from columns_of_files
    where regexp_matches(column_name, getvariable('embedding_pattern'))
    group by column_name
),

-- What is wrong with the two files, in one row that is always there.
found as (
    select
        count(*) filter (where list_contains(years, 'earlier')) as in_earlier,
        count(*) filter (where list_contains(years, 'later')) as in_later,
        first_three(
            list(column_name order by column_name) filter (where len(years) = 1)
        ) as in_one_only
    from fitting
),

-- A2 and A10 are to sort by number: the figures in a name, as a list of numbers.
numbered as (
    select
        column_name,
        list_transform(
            regexp_extract_all(column_name, '\d+'), lambda n: n::hugeint
        ) as numbers
    from fitting
),

checked as (
    select
        numbered.column_name,
        row_number() over (
            order by numbered.numbers, numbered.column_name
        ) as place
    from found
    left join numbered on true
    where
        case
            when least(found.in_earlier, found.in_later) = 0
                then error(
                    'No column of the '
                    || if(found.in_earlier = 0, 'earlier', 'later')
                    || ' file fits embedding_pattern = '
                    || getvariable('embedding_pattern')
                    || '; set it to what the embedding columns are called.'
                )
            when found.in_one_only is not null
                then error(
                    'Two years of one product have the same embedding columns, but '
                    || found.in_earlier || ' of the earlier file fit '
                    || 'embedding_pattern = ' || getvariable('embedding_pattern')
                    || ' and ' || found.in_later || ' of the later one; only one of '
                    || 'them has ' || found.in_one_only || '. Get both files whole, '
                    || 'or set embedding_pattern to the columns that both have.'
                )
            else true
        end
)

select * from checked
