"""What people bring to a classification: their own files, postcodes, lists of classes."""
