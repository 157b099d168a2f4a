-- One row: one area with the dimensions that the clusters are made from.
select * from embeddings
