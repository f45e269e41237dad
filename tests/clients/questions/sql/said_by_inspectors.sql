SELECT cycle, force, speaker, role, said_on, stance, summary
FROM statements
WHERE organisation_id = 'hmicfrs' AND area = 'Responding to the public';
