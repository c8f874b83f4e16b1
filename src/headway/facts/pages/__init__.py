"""The pages of the data: health, versions, a load from the file to the last row."""
