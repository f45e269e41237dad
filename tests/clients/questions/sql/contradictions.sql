SELECT "table", fact_id, column_name, words, prevails, article_ids
FROM conflicts;
