-- One row: one line of the word list: which variables it fits, and words for them.
with source as (
    select * from read_csv(
        getvariable('naming_words_file'),
        delim = ',', header = true, all_varchar = true
    )
),

numbered as (
    select
        row_number() over () as line,
        pattern,
        people_word,
        people_word_below,
        home_word,
        home_noun,
        phrase,
        mention
    from source
)

select * from numbered
