-- One row: what a run says of variables without words for names and portraits, if any.
with wordless as (
    select
        format(
            'none for {}, so portraits quote {} own name; add a line to '
            || 'naming_words.csv, and one to variable_families.csv for a share',
            string_agg(variable, ', ' order by variable),
            if(count(*) = 1, 'its', 'their')
        ) as text
    from variable_words
    where line is null
    having count(*) > 0
)

select * from wordless
