SELECT subject, claimed_by, value, unit, qualifier, period_end
FROM metrics
WHERE threshold = 10 AND threshold_unit = 'seconds'
ORDER BY subject, claimed_by;
