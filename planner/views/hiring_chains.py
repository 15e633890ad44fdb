"""The page of a chain: from the role need to its requisitions, candidates, decisions and seats."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner import access, db
from planner.services.hiring import chains, terms
from planner.services.staffing import projects
from planner.views.door import Answer, acts

pages = Blueprint("hiring_chains", __name__, url_prefix="/chains")


@pages.get("/<chain_key>")
@acts("chain.see")
def chain_show(chain_key: str) -> Answer:
    session = db.session()
    chain = chains.find_chain(session, chain_key)
    if chain is None:
        raise access.Hidden("chain")
    return render_template(
        "hiring/chain_show.html",
        chain=chain,
        signed={one.id: terms.is_signed(one) for one in chain.requisitions},
        workspace=projects.workspace_of(session),
    )
