"""The sample company: an invented marketing agency, the same every time, loaded and removed whole."""

from planner.services.sample.loading import load_sample
from planner.services.sample.removing import remove_sample

__all__ = ["load_sample", "remove_sample"]
