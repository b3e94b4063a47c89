"""The store of models: what can be fetched, fetching it, taking in a person's own files, moving the folder."""
