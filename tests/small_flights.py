"""The flights project with four months of data and few rows, made from the example's own files."""

import gzip
import shutil
from pathlib import Path

import yaml

EXAMPLE = Path(__file__).parent.parent / "examples" / "flights"
_LEFT_OUT = shutil.ignore_patterns(".lakewright", ".venv", "__pycache__", "dist")
_MONTHS = 4  # one each to train on, to validate with, to test with, and to score
_EVERY = 8  # so many rows become one
# Few rows make a weak model and a coarse share of refused rows: neither is the subject.
_SETTINGS = {
    "quality": {"max_quarantined_share": 0.5},
    "extra": {
        "periods": {
            "train": {"first": "2013-01-01", "last": "2013-01-01"},
            "validate": {"first": "2013-02-01", "last": "2013-02-01"},
            "test": {"first": "2013-03-01", "last": "2013-03-01"},
            "score": {"first": "2013-04-01", "last": "2013-04-01"},
        },
        "gate": {
            "minimum_roc_auc": 0.5,
            "minimum_brier_skill": 0.0,
            "maximum_calibration_gap": 1.0,
            "minimum_uplift": -1.0,
            "resamples": 100,
        },
    },
}


def make_small_flights(folder: Path) -> Path:
    """Copy the example with few rows of its first months, and settings that fit them."""
    shutil.copytree(EXAMPLE, folder, ignore=_LEFT_OUT)
    for source in ("flights", "weather"):
        drops = sorted((folder / "data" / "landing" / source).iterdir())
        for drop in drops[_MONTHS:]:
            drop.unlink()
    for drop in (folder / "data" / "landing" / "flights").iterdir():
        _thin_out(drop)
    local = folder / "config" / "local.yaml"
    settings = _laid_over(yaml.safe_load(local.read_text(encoding="utf-8")), _SETTINGS)
    local.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def _thin_out(drop: Path) -> None:
    """Keep few rows; one of them comes twice, and one more has no date, so that it is quarantined."""
    header, *rows = gzip.decompress(drop.read_bytes()).decode().splitlines(keepends=True)
    few = rows[::_EVERY]
    undated = few[0].replace("2013", "", 1)
    drop.write_bytes(gzip.compress("".join([header, *few, few[1], undated]).encode(), mtime=0))


def _laid_over(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _laid_over(below.get(key) or {}, value) if isinstance(value, dict) else value
    return merged
