"""What people may send: each form takes only the fields its page asks for, and says in plain words what is wrong."""
