"""`make bench-nightly`: the first night over many communes, a night with nothing new, two nights with 5 % new.

    python -m pipeline.night.bench [--communes 114] [--documents 20] [--sets hai_phong_5049]

The documents are made of the sample texts: each commune's own name, a number and a day of each own. All nights run in
one process on the same folders. The ratios are of CPU seconds, those of the reading children included: the machine
may be busy with other things. Of the 5 %, first all documents of a few communes change, then some of every commune:
then the tables of all are written again.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from normalizers.places import Place, Succession
from pipeline.night.config import Folder, NightConfig
from pipeline.night.run import Done, run_night
from pipeline.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ("000_le_chan", "002_hai_phong_49", "003_bac_son")
FIRST, NOTHING, CHANGED = "first", "nothing new", 0.05
LIMITS = {NOTHING: 0.01, "5 % new: all of a few communes": 0.07, "5 % new: some of every commune": 0.07}
"""What a night may cost of the first one's CPU seconds."""
_NAMES = re.compile(r"(?:phường|xã) (?:Lê Chân|Bắc Sơn|Hồng Châu)")


@dataclass(frozen=True, slots=True)
class Night:
    """A measured night: seconds of wall clock and of CPU, what it read and what it wrote."""

    seconds: float
    cpu: float
    done: Done


def cpu_seconds() -> float:
    """The CPU seconds that this process and all children that it has waited for have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def text_of(commune: Place, number: int) -> str:
    """The text of a plan: a sample's from its title on, under a head of the commune with its own number and day."""
    sample = (ROOT / "sample_docs" / "text" / f"{TEXTS[number % len(TEXTS)]}.txt").read_text(encoding="utf-8")
    head = (
        f"ỦY BAN NHÂN DÂN\n{commune.full_name.upper()}\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        f"Độc lập - Tự do - Hạnh phúc\n\nSố: {number + 1}/KH-UBND\n\n"
        f"{commune.name}, ngày {number % 28 + 1} tháng {number % 9 + 1} năm 2026\n\n"
    )
    body = _NAMES.sub(commune.full_name, sample[sample.index("KẾ HOẠCH") :])
    return head + body + f"\nNơi nhận:\n- UBND thành phố Hải Phòng;\n- Lưu: VT, số {number + 1}.\n"


def make_folders(place: Path, communes: int, documents: int) -> list[Path]:
    """The files of so many communes, each in the folder of its commune."""
    made = []
    for commune in Succession.load().communes("Hải Phòng")[:communes]:
        folder = place / commune.full_name
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(documents):
            made.append(folder / f"ke-hoach-{number + 1:02}.txt")
            made[-1].write_text(text_of(commune, number), encoding="utf-8")
    return made


def change(files: list[Path], share: float, spread: bool) -> int:
    """Write a line more into a share of the files (whole communes, or all over); how many."""
    count = max(1, round(share * len(files)))
    step = len(files) // count if spread else 1
    for file in files[: count * step : step]:
        file.write_text(file.read_text(encoding="utf-8") + "\n- Lưu: hồ sơ công việc.\n", encoding="utf-8")
    return count


def measure(place: Path, communes: int, documents: int, sets: tuple[str, ...]) -> dict[str, Night]:
    """The nights over folders made in `place`, told as they end."""
    files = make_folders(place / "vao", communes, documents)
    config = NightConfig(
        file=place / "dem.yaml",
        folders=(Folder(place / "vao"),),
        out=place / "ra",
        sets=sets,
        formats=("xlsx", "parquet"),
        year=2026,
    )
    settings = load_settings({}, data=place / "data")
    nights: dict[str, Night] = {}
    for name in (FIRST, *LIMITS):
        if name not in (FIRST, NOTHING):
            change(files, CHANGED, spread="every" in name)
        time.sleep(6)  # files count as still after five seconds: no night waits for that here
        begun, used = time.perf_counter(), cpu_seconds()
        done = run_night(config, settings)
        nights[name] = Night(time.perf_counter() - begun, cpu_seconds() - used, done)
        _show(name, nights[name], nights[FIRST])
    return nights


def _show(name: str, night: Night, first: Night) -> None:
    record = night.done.to_record()
    print(
        f"{name:31} CPU {night.cpu:8.2f} s {night.cpu / first.cpu:8.2%}"
        f"   clock {night.seconds:8.2f} s {night.seconds / first.seconds:8.2%}   read {record['read']:5}"
        f"   unchanged {record['unchanged']:5}   tables written {len(record['tables_written']):4}",
        flush=True,
    )


@contextmanager
def _place(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="giaoviec-bench-") as folder:
        yield Path(folder)


def main(arguments: list[str] | None = None) -> int:
    """0 where the ratios hold, else 1; prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=int, default=114)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--sets", nargs="*", default=["hai_phong_5049"])
    parser.add_argument("--keep", type=Path, help="folder to work in, left as it is at the end")
    asked = parser.parse_args(arguments)
    with _place(asked.keep) as place:
        nights = measure(place, asked.communes, asked.documents, tuple(asked.sets))
    return 0 if all(nights[name].cpu <= most * nights[FIRST].cpu for name, most in LIMITS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
