"""Damaged Vietnamese text made readable: marks put back, foreign OCR undone, with evidence for every word.

>>> Restorer.load().restore("Uy ban nhan dan phuong Nam Trieu").text
'Ủy ban nhân dân phường Nam Triệu'
"""

from normalizers.restore.evidence import Reason, Restoration, WordEvidence, doubtful, replayed
from normalizers.restore.restorer import Restorer

__all__ = ["Reason", "Restoration", "Restorer", "WordEvidence", "doubtful", "replayed"]
