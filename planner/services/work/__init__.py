"""The verbs of the corridor work: boards, tasks, iterations, and what tasks make of people's time."""
