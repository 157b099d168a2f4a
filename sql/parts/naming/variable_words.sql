-- One row: one variable, the words that names and pen portraits have for it.
with variables as (
    select distinct
        variable,
        variable_name,
        plain_text(variable) as code,
        plain_text(variable_name) as plain_name,
        regexp_extract_all(variable_name, '[0-9]+') as figures,
        regexp_extract_all(lower(variable_name), '[a-z]{4,}') as long_words
    from cluster_profiles
),

listed_names as (
    select
        line,
        plain_text(variable) as code,
        unnest(string_split(variable_name, '|')) as listed_name
    from naming_words
),

listed as (
    select
        line,
        code,
        plain_text(listed_name) as plain_name,
        regexp_extract_all(listed_name, '[0-9]+') as figures,
        regexp_extract_all(lower(listed_name), '[a-z]{4,}') as long_words
    from listed_names
),

by_name as (
    select
        variables.variable,
        listed.line,
        1 as place
    from variables
    inner join listed on variables.plain_name = listed.plain_name
),

-- A code counts where the variable has no other name, or one with the same figures and
-- a word in common: v05 may be something else in other files.
by_code as (
    select
        variables.variable,
        listed.line,
        2 as place
    from variables
    inner join listed on variables.code = listed.code
    where
        variables.plain_name = variables.code
        or (
            variables.figures = listed.figures
            and list_has_any(variables.long_words, listed.long_words)
        )
),

fitting as (
    select * from by_name
    union all
    select * from by_code
),

first_fitting as (
    select
        fitting.variable,
        naming_words.* exclude (variable),
        naming_words.variable as known_as
    from fitting
    inner join naming_words on fitting.line = naming_words.line
    qualify
        row_number() over (
            partition by fitting.variable order by fitting.place, fitting.line
        ) = 1
),

-- Without a line in the word list, a portrait quotes the variable's own name.
worded as (
    select
        variables.variable,
        variables.variable_name,
        first_fitting.line,
        first_fitting.people_word,
        first_fitting.people_word_below,
        first_fitting.home_word,
        first_fitting.home_noun,
        coalesce(
            first_fitting.phrase,
            'the figure for “'
            || trim(
                regexp_replace(
                    spell_numbers(variables.variable_name), '[\s\pC%“”]+', ' ', 'g'
                )
            )
            || '”'
        ) as phrase,
        first_fitting.mention,
        first_fitting.opposite,
        variable_families.family as whole,
        coalesce(variable_families.unit, 'unknown') as unit
    from variables
    left join first_fitting
        on variables.variable = first_fitting.variable
    left join variable_families
        on
            lower(coalesce(first_fitting.known_as, trim(variables.variable)))
            = variable_families.variable
)

select * from worded
