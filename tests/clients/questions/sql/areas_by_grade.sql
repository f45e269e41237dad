SELECT scales.grade_rank, scales.grade_label, count(grades.grade_id) AS areas
FROM cycles
JOIN scales ON scales.scale_id = cycles.scale_id
LEFT JOIN grades ON grades.cycle_id = cycles.cycle_id AND grades.grade = scales.grade
WHERE cycles.cycle = 'PEEL 2023-25'
GROUP BY scales.grade_rank, scales.grade_label
ORDER BY scales.grade_rank;
