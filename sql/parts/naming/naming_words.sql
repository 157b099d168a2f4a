-- One row: one line of the word list: the variable it is for, and words for it.
with source as (
    select * from read_csv(
        getvariable('naming_words_file'),
        delim = ',', quote = '"', header = true, all_varchar = true,
        hive_partitioning = false
    )
),

numbered as (
    select
        row_number() over () as line,
        trim(variable) as variable,
        variable_name,
        people_word,
        people_word_below,
        home_word,
        home_noun,
        phrase,
        mention,
        opposite
    from source
)

select * from numbered
