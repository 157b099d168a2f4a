"""What people bring of their own: files in any format, postcodes, lists of classes."""
