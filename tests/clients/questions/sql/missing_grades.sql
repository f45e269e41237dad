SELECT
  cycle,
  count(*) AS forces,
  sum(areas_graded) AS graded,
  sum(grades_stated) AS stated,
  sum(grades_derived) AS derived,
  sum(grades_disputed) AS disputed,
  sum(grades_missing) AS missing
FROM coverage
WHERE areas_graded IS NOT NULL
GROUP BY cycle;
