"""The plans' pages, by what people do there."""
