-- One row: one area that changes supergroup where one variable is left out.
with refitted as (
    unpivot sensitivity_labels
    on columns(* exclude (area)) into name variable value new_supergroup
),

moves as (
    select
        refitted.variable,
        refitted.area,
        supergroups.supergroup,
        refitted.new_supergroup
    from refitted
    inner join supergroups on refitted.area = supergroups.area
    where refitted.new_supergroup <> supergroups.supergroup
)

select * from moves
