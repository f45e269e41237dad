SELECT articles.publisher, articles.published_on, claims.grade, claims.agrees, claims.evidence_url
FROM grades
JOIN claims ON claims.fact_id = grades.grade_id AND claims."table" = 'grades'
JOIN articles ON articles.article_id = claims.article_id
WHERE grades.force = 'Northamptonshire Police'
  AND grades.cycle = 'PEEL 2023-25'
  AND grades.area = 'Responding to the public';
