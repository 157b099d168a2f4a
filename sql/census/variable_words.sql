-- One row: one variable, the words that names and pen portraits have for it.
with fitting as (
    select
        variable_profile.variable,
        naming_words.*
    from census.variable_profile
    inner join census.naming_words
        on regexp_matches(
            variable_profile.variable_name, naming_words.pattern, 'i'
        )
),

first_fitting as (
    select *
    from fitting
    qualify row_number() over (partition by variable order by line) = 1
),

-- Without a line in the word list, a portrait quotes the variable's own name.
worded as (
    select
        variable_profile.variable,
        variable_profile.variable_name,
        first_fitting.people_word,
        first_fitting.home_word,
        first_fitting.home_noun,
        coalesce(
            first_fitting.phrase,
            'those counted under “'
            || replace(spell_numbers(variable_profile.variable_name), '%', '')
            || '”'
        ) as phrase,
        first_fitting.mention
    from census.variable_profile
    left join first_fitting
        on variable_profile.variable = first_fitting.variable
)

select * from worded
