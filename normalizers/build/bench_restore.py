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
    """The shortest of some runs, in seconds of this process's time, which other work on the machine hardly moves."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Print the figures."""
    start = time.process_time()
    restorer = Restorer.load()
    print(f"load: {time.process_time() - start:.2f} s")
    stripped = bare((_TEXTS / "001_hong_chau.txt").read_text(encoding="utf-8"))
    noisy = (_TEXTS / "004_nam_trieu_ocr.txt").read_text(encoding="utf-8")
    plain = best_seconds(lambda: bigram_viterbi(stripped, restorer.assets))
    marks = best_seconds(lambda: restorer.restore(stripped, Damage.STRIPPED))
    cold = best_seconds(lambda: Restorer.load().restore(noisy, Damage.OCR_NOISE))
    restorer.restore(noisy, Damage.OCR_NOISE)
    warm = best_seconds(lambda: restorer.restore(noisy, Damage.OCR_NOISE))
    twice = best_seconds(lambda: restorer.restore(noisy + "\n\n" + noisy, Damage.OCR_NOISE), rounds=1)
    good = (_TEXTS / "001_hong_chau.txt").read_text(encoding="utf-8")
    restorer.restore(good, Damage.OCR_SLIPS)
    slips = best_seconds(lambda: restorer.restore(good, Damage.OCR_SLIPS))
    n_stripped, n_noisy = len(syllables(stripped)), len(syllables(noisy))
    print(f"pairs, Viterbi:      {n_stripped / plain:7.0f} syllables/s")
    print(f"stripped:            {n_stripped / marks:7.0f} syllables/s, {marks / plain:.2f} times the plain Viterbi")
    print(f"English-read, cold:  {n_noisy / cold:7.0f} syllables/s (with loading)")
    print(f"English-read, warm:  {n_noisy / warm:7.0f} syllables/s; twice the text: {twice / warm:.2f} times as long")
    print(f"read by Vietnamese:  {n_stripped / slips:7.0f} syllables/s, warm")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
