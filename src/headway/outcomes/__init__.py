"""The end of a plan and what comes after: judged honestly, answered, confirmed, kept up."""
