-- One row: one variable of the model, by its code alone.
with codes as (
    select variable
    from model_variables
)

select * from codes
order by variable
