SELECT DISTINCT ON (name) name, value FROM throughcare.setting ORDER BY name, sequence DESC
