"""The night: all communes' folders read, compared and exported, and a digest of what is new; without Prefect."""
