SELECT bytes FROM snapshot ORDER BY serial DESC LIMIT 1
