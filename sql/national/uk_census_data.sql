-- One row: one area with its variables, rounded half to even to 2 decimals.
with rounded as (
    select
        area as OA,  -- noqa: CP02
        round_even(
            columns(lambda c: list_contains(getvariable('kept_variables'), c)) * 100, 0
        ) / 100
    from area_values
)

select * from rounded
