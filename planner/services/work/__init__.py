"""The verbs of the corridor work: boards, tasks, what tasks make of people’s time, talk, who is told of what."""
