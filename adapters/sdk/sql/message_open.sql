UPDATE message SET opened_at = ?2, opened_by = ?3 WHERE id = ?1 AND opened_at IS NULL
