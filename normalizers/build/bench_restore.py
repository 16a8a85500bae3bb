"""`python -m normalizers.build.bench_restore`: load time, memory, speed, the ratio to plain pairs of syllables."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

from normalizers.build.baseline import bigram_viterbi
from normalizers.build.texts import syllables
from normalizers.restore import Restorer
from normalizers.restore.alphabet import bare
from schemas.restored import Damage

_TEXTS = Path(__file__).parents[2] / "sample_docs" / "text"


def best_seconds(action: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the figures."""
    start = time.perf_counter()
    restorer = Restorer.load()
    print(f"load: {time.perf_counter() - start:.2f} s")
    stripped = bare((_TEXTS / "001_hong_chau.txt").read_text(encoding="utf-8"))
    noisy = (_TEXTS / "004_nam_trieu_ocr.txt").read_text(encoding="utf-8")
    plain = best_seconds(lambda: bigram_viterbi(stripped, restorer.assets))
    marks = best_seconds(lambda: restorer.restore(stripped, Damage.STRIPPED))
    cold = best_seconds(lambda: Restorer.load().restore(noisy, Damage.OCR_NOISE))
    restorer.restore(noisy, Damage.OCR_NOISE)
    warm = best_seconds(lambda: restorer.restore(noisy, Damage.OCR_NOISE))
    twice = best_seconds(lambda: restorer.restore(noisy + "\n\n" + noisy, Damage.OCR_NOISE), rounds=1)
    n_stripped, n_noisy = len(syllables(stripped)), len(syllables(noisy))
    print(f"pairs, Viterbi:      {n_stripped / plain:7.0f} syllables/s")
    print(f"stripped:            {n_stripped / marks:7.0f} syllables/s, {marks / plain:.2f} times the plain Viterbi")
    print(f"English-read, cold:  {n_noisy / cold:7.0f} syllables/s (with loading)")
    print(f"English-read, warm:  {n_noisy / warm:7.0f} syllables/s; twice the text: {twice / warm:.2f} times as long")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
