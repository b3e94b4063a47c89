"""Photos of the Open Images dataset: chosen from its official lists, fetched politely, kept with their licences."""
