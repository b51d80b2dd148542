"""The demonstration's committees: invented members, meetings and questions, beside three real papers of 2019."""
