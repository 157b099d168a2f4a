-- One row: one variable, the words that names and pen portraits have for it.
with variables as (
    select distinct
        variable,
        variable_name
    from cluster_profiles
),

fitting as (
    select
        variables.variable,
        naming_words.*
    from variables
    inner join naming_words
        on regexp_matches(variables.variable_name, naming_words.pattern, 'i')
),

first_fitting as (
    select *
    from fitting
    qualify row_number() over (partition by variable order by line) = 1
),

-- Without a line in the word list, a portrait quotes the variable's own name.
worded as (
    select
        variables.variable,
        variables.variable_name,
        first_fitting.people_word,
        first_fitting.people_word_below,
        first_fitting.home_word,
        first_fitting.home_noun,
        coalesce(
            first_fitting.phrase,
            'those counted under “'
            || replace(spell_numbers(variables.variable_name), '%', '')
            || '”'
        ) as phrase,
        first_fitting.mention
    from variables
    left join first_fitting
        on variables.variable = first_fitting.variable
)

select * from worded
