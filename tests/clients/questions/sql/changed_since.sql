SELECT row_key, column_name, kind, old_text, new_text, old_number, new_number, reason
FROM changes
WHERE table_name IN ('grades', 'metrics') AND kind IN ('corrected', 'revised');
