-- One row: one class of the model and its centroid.
with source as (
    select
        level,
        class,
        centroid
    from read_parquet(getvariable('centroids_file'), hive_partitioning = false)
)

select * from source
