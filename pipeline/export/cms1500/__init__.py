"""A claim on paper: the CMS-1500 (02/12).

`forms` says what stands in each box, `boxes` where it stands and whether it fits, `drawing` puts it on the page.
"""

from pipeline.export.cms1500.drawing import draw
from pipeline.export.cms1500.forms import Form, forms, unprintable
from pipeline.records import Claim

__all__ = ["Form", "cms1500", "forms", "unprintable"]


def cms1500(claim: Claim, *, preprinted: bool = False, draft: bool = False) -> bytes:
    """A PDF of one page for every six services.

    Args:
        claim: one without a fault.
        preprinted: only the texts, to be printed on the red form at its own size; else for plain paper, with frames
            and labels.
        draft: nobody released it, which each page says in large letters.

    Raises:
        ExportError: what `unprintable` tells; nothing is cut.
    """
    return draw(forms(claim), preprinted=preprinted, draft=draft)
