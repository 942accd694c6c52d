SELECT coalesce(min(start_at), 0) FROM throughcare.message_week
