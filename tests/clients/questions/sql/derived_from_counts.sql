SELECT grades.force, grades.area, grades.grade_label, max(grade_counts.areas) AS counted, grades.derivation
FROM grades
JOIN grade_counts ON grade_counts.inspection_id = grades.inspection_id AND grade_counts.grade = grades.grade
WHERE grades.basis = 'derived' AND grades.cycle = 'PEEL 2023-25'
GROUP BY grades.grade_id, grades.force, grades.area, grades.grade_label, grades.derivation;
