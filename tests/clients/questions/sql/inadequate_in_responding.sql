SELECT force
FROM grades
WHERE cycle = 'PEEL 2023-25' AND area = 'Responding to the public' AND grade = 'inadequate';
