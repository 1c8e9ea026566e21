"""Makes the name lists of this folder from their public sources: `python -m intents.names.build FOLDER` (see README.md)."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from bot.words import words

HERE = Path(__file__).parent
STRENGTH = re.compile(r"[,(/]|\s\d")
SALTS = frozenset(
    """acetate besilate bitartrate bromhydrate bromure calcique calcium chlorhydrate chlorure citrate de d di
    dichlorhydrate disodique du fumarate gluconate hemihydrate hydrate hydrogenotartrate l lactate magnesium
    maleate malate mesilate monohydrate monosodique nitrate oxalate phosphate potassique potassium sesquihydrate
    sodique sodium succinate sulfate tartrate tosilate trihydrate anhydre base acide""".split()
)


def ordinary_words(folder: Path) -> set[str]:
    """Words of everyday questions: a name that is one of them would be found everywhere."""
    seen: Counter[str] = Counter()
    for path in sorted(folder.glob("offtopic_*/*")):
        if path.suffixes[-2:] == [".jsonl", ".gz"]:
            seen.update(words(gzip.decompress(path.read_bytes()).decode()))
        elif path.suffix in {".jsonl", ".json", ".txt"}:
            seen.update(words(path.read_text(encoding="utf-8")))
    return {word for word, times in seen.items() if times > 1}


def table(path: Path) -> list[list[str]]:
    """The rows of one table of the database: tab-separated, without quotes, UTF-8."""
    text = gzip.decompress(path.read_bytes()).decode()
    return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def substance(name: str) -> str:
    """A substance without its salt, folded: `CHLORHYDRATE DE METFORMINE` → `metformine`."""
    kept = [word for word in words(re.sub(r"\(.*?\)", " ", name)) if word not in SALTS]
    return " ".join(kept or words(name))


def french(folder: Path, ordinary: set[str]) -> dict[str, str]:
    """Brand → substances, from the public medicines database (homeopathy left out)."""
    composition: dict[str, list[str]] = defaultdict(list)
    for row in table(folder / "bdpm/CIS_COMPO_bdpm.txt.gz"):
        name = substance(row[3])
        if name and name not in composition[row[0]]:
            composition[row[0]].append(name)
    brands: dict[str, str] = {}
    for row in table(folder / "bdpm/CIS_bdpm.txt.gz"):
        if "homéo" in row[5]:
            continue
        substances = composition.get(row[0], [])[:4]
        brand = words(STRENGTH.split(row[1])[0])
        inn = {word for name in substances for word in name.split()}
        if (
            not brand
            or brand[0] in inn
            or brand[0] in SALTS
            or brand[0] in ordinary
            or len(brand[0]) < 4
            or not brand[0].isalpha()
        ):
            continue
        brands.setdefault(brand[0], "+".join(sorted(substances)))
    return brands


def english(folder: Path, ordinary: set[str]) -> dict[str, str]:
    """One-word names and synonyms → English substance."""
    found: dict[str, str] = {}
    for line in gzip.decompress((folder / "names/drug_names_en.jsonl.gz").read_bytes()).decode().splitlines():
        row = json.loads(line)
        name = " ".join(words(row["name"]))
        for variant in [row["name"], *row["variants"]]:
            cut = words(variant)
            if len(cut) == 1 and 4 < len(cut[0]) < 22 and cut[0].isalpha() and cut[0] not in ordinary:
                found.setdefault(cut[0], name)
    return found


def pairs(folder: Path) -> dict[str, str]:
    """French substance → English substance; the few matches by rule are left out, some of them are wrong."""
    rows = csv.DictReader((folder / "names/substances_fr_en.tsv").open(encoding="utf-8"), delimiter="\t")
    found: dict[str, str] = {}
    for row in rows:
        key = substance(row["fr_name"])
        if not re.search("homéo", row["fr_name"], re.I) and len(key) > 3:
            known = row["en_canonical"] if row["match_method"] in {"exact", "salt-stripped"} else ""
            if known or key not in found:
                found[key] = found.get(key) or " ".join(words(known))
    return {key: value for key, value in found.items() if value or (key.isalpha() and len(key) > 5)}


def write(path: Path, rows: dict[str, str]) -> None:
    """One name a line, sorted, gzip without a date: the same input gives the same bytes."""
    text = "".join(f"{name}\t{meaning}\n" for name, meaning in sorted(rows.items()))
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed:
        packed.write(text.encode())
    path.write_bytes(buffer.getvalue())
    print(f"{path.name}: {len(rows)} names", file=sys.stderr)


def main(folder: Path) -> None:
    """Writes the three lists beside this file."""
    ordinary = ordinary_words(folder)
    write(HERE / "brands_fr.tsv.gz", french(folder, ordinary))
    write(HERE / "names_en.tsv.gz", english(folder, ordinary))
    write(HERE / "substances_fr_en.tsv.gz", {k: v for k, v in pairs(folder).items() if k not in ordinary or v})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
