"""What people bring to a classification: files, postcodes, lists of classes."""
