"""Who may hold what, and what it is worth: the arrays that everything fast stands on."""

from solver.eligible.holders import Candidates, Holders
from solver.eligible.pairs import Eligibility, eligibility_of
from solver.eligible.roles import Role, Rolebook
from solver.eligible.windows import Windows

__all__ = ["Candidates", "Eligibility", "Holders", "Role", "Rolebook", "Windows", "eligibility_of"]
