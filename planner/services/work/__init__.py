"""The verbs of the corridor work: tasks, talk, who is told of what."""
