SELECT grades.force, grades.area, grades.previous_grade, grades.grade, grades.revised_on, events.note
FROM grades
JOIN events ON events.inspection_id = grades.inspection_id AND events.area_id = grades.area_id
WHERE grades.revised_on IS NOT NULL AND events.event = 'grade-corrected';
