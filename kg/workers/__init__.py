"""Where work is done: in this process, in processes beside it, or on a Ray cluster. The same function, the same results.

What runs in parallel is a *task*: a picklable object that is called with one item and depends on nothing else. Results
come in the order of the items, and only a few items are under way at a time, so that memory does not grow with their
number. A worker that dies takes nothing with it: what it worked on is done again.
"""

from kg.workers.engines import ENGINES, Workers, open_workers
from kg.workers.task import Lost

__all__ = ["ENGINES", "Lost", "Workers", "open_workers"]
