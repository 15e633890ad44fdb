"""What an agency's people are good at, in the names of the product's own catalogue of skills and work styles."""

from __future__ import annotations

from typing import NamedTuple


class Craft(NamedTuple):
    """A calling, and the six skills that go with it."""

    title: str
    skills: tuple[str, ...]


_CRAFTS = """\
Brand strategist: brand-strategy positioning market-research competitor-analysis storytelling presenting
Researcher: market-research survey-design customer-interviews persona-building statistics segmentation
Product marketer: positioning launch-planning sales-enablement pricing-research journey-mapping briefing
Search specialist: technical-seo keyword-research link-building content-audit local-seo web-analytics
Media planner: media-planning media-buying audio-and-tv-ads retail-media attribution negotiation
Performance marketer: search-ads social-ads programmatic bid-management attribution web-analytics
Copywriter: copywriting editing storytelling ux-writing scriptwriting content-strategy
Translator: translation transcreation localisation terminology editing international-seo
Art director: art-direction brand-identity graphic-design illustration photography presenting
Designer: graphic-design presentation-design packaging-design print-production motion-design illustration
UX designer: ux-design ux-research prototyping usability-testing design-systems web-accessibility
Web developer: html-and-css javascript content-management-systems web-performance e-commerce tag-management
Analyst: web-analytics sql dashboards data-visualisation tag-management experiment-design
Data scientist: python sql statistics forecasting marketing-mix-modelling experiment-design
Email marketer: email-marketing deliverability lifecycle-marketing segmentation copywriting marketing-automation
CRM manager: crm-administration marketing-automation lead-scoring loyalty-programmes data-hygiene campaign-operations
Social media manager: social-media community-management influencer-relations social-ads copywriting live-streaming
Press officer: public-relations media-relations press-writing crisis-communication employer-branding event-planning
Film maker: filming directing video-editing sound-design scriptwriting motion-design
Project manager: project-planning stakeholder-management risk-management agile-delivery budgeting reporting
"""
CRAFTS = tuple(
    Craft(title, tuple(skills.split()))
    for title, _, skills in (row.partition(": ") for row in _CRAFTS.split("\n") if row)
)
STYLES = (
    "innovation", "achievement-orientation", "intellectual-curiosity", "initiative", "adaptability", "perseverance",
    "leadership-orientation", "empathy", "cooperation", "social-orientation", "attention-to-detail", "dependability",
)  # fmt: skip
SITES = ("site:Lyon", "site:Nantes", "site:Brussels", "site:Geneva", "site:Remote")
LANGUAGES = ("lang:fr", "lang:en", "lang:de", "lang:nl")
