"""The ten rules as expressions in Polars, from CSV to CSV. Prints the seconds that it took, without imports.

    screen_polars.py IN.csv OUT.csv PLACES.csv CODES.csv THREADS VARIANT

VARIANT is how columns are read: `text` keeps them as they stand, `typed` parses them.

Destinations are looked up in an array by year and number, codes by membership. Joins took longer.
"""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[5]

import polars as pl  # noqa: E402 (the number of threads is read when it is imported)

TYPED = {"t": pl.Int32, "i": pl.Int32, "j": pl.Int32, "k": pl.Int32, "v": pl.Float64, "q": pl.Float64}

# All that the rules ask of a destination in a year, each a bit.
TESTS = {
    "customs": pl.col("customs"),
    "general": pl.col("general"),
    "embargo": pl.col("embargo"),
    "lawless": pl.col("law") < -500_000,
    "denial": (pl.col("law") < -1_000_000) | (pl.col("conflict") >= 2_000_000),
    "war": pl.col("conflict") >= 2_000_000,
    "voiceless": pl.col("voice") < -1_000_000,
    "unfree_before": (pl.col("t") < 2021) & (pl.col("expression") < 300_000),
    "unfree_since": (pl.col("t") >= 2021) & (pl.col("expression") < 500_000),
    "sanctioned": (pl.col("t") >= 2022) & pl.col("sanctions"),
}

YEAR = pl.col("t").cast(pl.Int32)
CODE = pl.col("k").cast(pl.Int32)
VALUE = pl.col("v").cast(pl.Float64)


def places(path):
    """The bits of destinations, by year and number."""
    bits = [test.cast(pl.Int32) * (1 << at) for at, test in enumerate(TESTS.values())]
    slot = (pl.col("t").cast(pl.Int32) - 2018) * 1000 + pl.col("n")
    known = pl.read_csv(path).select(slot=slot, bits=pl.sum_horizontal(bits))
    array = [0] * 6000
    for at, value in known.iter_rows():
        array[at] = value
    return pl.Series(array, dtype=pl.Int32)


def place(array, column):
    """The bits of the destination in a column."""
    slot = (YEAR - 2018) * 1000 + pl.col(column).cast(pl.Int32)
    return slot.map_batches(array.gather, return_dtype=pl.Int32, is_elementwise=True)


def bit(of, name):
    """Whether a test holds."""
    return pl.col(of) & (1 << list(TESTS).index(name)) != 0


def codes(path, kind):
    """Whether a row's code is under an entry, for each test."""
    read = pl.read_csv(path)
    names = ["listed", "surveillance", "interception", "computer"]
    members = {name: read.filter(pl.col(name))["k"].cast(kind).implode() for name in names}
    return {name: pl.col("k").is_in(codes) for name, codes in members.items()}


def level(code):
    """How strict the answer is, from 0 to 4; `e` and `d` are the bits of exporter and destination."""
    leaves = bit("e", "customs") & ~bit("d", "customs") & code["listed"]
    machine = CODE.is_between(840_000, 859_999) | CODE.is_between(900_000, 909_999)
    prohibited = (bit("d", "embargo") & code["surveillance"]) | (bit("d", "sanctioned") & machine)
    licence = (
        (leaves & ~bit("d", "general"))
        | (bit("d", "lawless") & code["surveillance"])
        | (bit("d", "war") & CODE.is_between(852_500, 852_699))
        | (bit("d", "unfree_since") & code["interception"] & (VALUE >= 10))
    )
    large = CODE.is_in([847_130, 847_141, 847_150]) & (VALUE >= 1000)
    notify = (bit("d", "voiceless") & large) | (bit("d", "unfree_before") & code["computer"] & (VALUE >= 250))
    return pl.when(prohibited).then(4).when(licence).then(3).when(notify).then(2).when(leaves).then(1).otherwise(0)


def main(source, target, places_path, codes_path, _threads, variant):
    text = variant == "text"
    types = {name: pl.String if text else kind for name, kind in TYPED.items()}
    start = time.perf_counter()
    array = places(places_path)
    rows = pl.scan_csv(source, schema=types, null_values=None if text else "NA", quote_char=None)
    rows = rows.with_columns(e=place(array, "i"), d=place(array, "j"))
    rows = rows.with_columns(level=level(codes(codes_path, types["k"])))
    requirement = (
        pl.when(pl.col("level") == 4).then(pl.lit("prohibited"))
        .when(pl.col("level") == 3).then(pl.lit("licence_required"))
        .when(pl.col("level") == 2).then(pl.lit("notify"))
        .when(pl.col("level") == 1).then(pl.lit("general_authorisation"))
        .otherwise(pl.lit("not_required"))
    )
    review = (
        pl.when(pl.col("level") < 3).then(pl.lit(""))
        .when(bit("d", "denial")).then(pl.lit("presumption_of_denial"))
        .otherwise(pl.lit("case_by_case"))
    )
    answer = rows.select("t", "i", "j", "k", "v", "q", requirement_at_least=requirement, review_at_least=review)
    answer.sink_csv(target, quote_style="never", engine="streaming", maintain_order=True)
    print(f"seconds={time.perf_counter() - start:.6f}")


main(*sys.argv[1:])
