"""The ten rules as SQL in DuckDB, from CSV to CSV. Prints the seconds that it took, without imports.

    screen_duckdb.py IN.csv OUT.csv PLACES.csv CODES.csv THREADS VARIANT

VARIANT is how columns are read: `text` keeps them as they stand, `typed` parses them.

Destinations are looked up in a constant list by year and number, codes by IN lists. Joins took longer,
and with several threads the rows did not stay in their order.
"""

import sys
import time

import duckdb

TYPED = {"t": "SMALLINT", "i": "SMALLINT", "j": "SMALLINT", "k": "INTEGER", "v": "DOUBLE", "q": "DOUBLE"}

# All that the rules ask of a destination in a year, each a bit.
TESTS = {
    "customs": "customs",
    "general": "general",
    "embargo": "embargo",
    "lawless": "law < -500000",
    "denial": "law < -1000000 OR conflict >= 2000000",
    "war": "conflict >= 2000000",
    "voiceless": "voice < -1000000",
    "unfree_before": "t < 2021 AND expression < 300000",
    "unfree_since": "t >= 2021 AND expression < 500000",
    "sanctioned": "t >= 2022 AND sanctions",
}


def places(connection, path):
    """Puts the bits of destinations into one list, by year and number."""
    bits = " + ".join(f"({test})::INTEGER * {1 << at}" for at, test in enumerate(TESTS.values()))
    connection.execute(f"""
        SET VARIABLE places = (
            SELECT list(coalesce(bits, 0)::INTEGER ORDER BY slot)
            FROM range(2018000, 2024000) AS slots(slot)
            LEFT JOIN (SELECT t * 1000 + n AS slot, {bits} AS bits FROM read_csv('{path}')) USING (slot))""")


def place(column):
    """The bits of the destination in a column."""
    return f"list_extract(getvariable('places'), (r.t::INTEGER - 2018) * 1000 + r.{column}::INTEGER + 1)"


def bit(of, *names):
    """Whether one of some tests holds."""
    mask = sum(1 << list(TESTS).index(name) for name in names)
    return f"{of} & {mask} <> 0"


def codes(connection, path, quote):
    """Which codes are under an entry, as an IN list for each test."""
    found = {}
    for name in ["listed", "surveillance", "interception", "computer"]:
        rows = connection.execute(f"SELECT k FROM read_csv('{path}') WHERE {name} ORDER BY k").fetchall()
        found[name] = "k IN (" + ", ".join(f"{quote}{k}{quote}" for (k,) in rows) + ")"
    return found


def level(code):
    """How strict the answer is, from 0 to 4; `e` and `d` are the bits of exporter and destination."""
    leaves = f"{bit('e', 'customs')} AND NOT ({bit('d', 'customs')}) AND {code['listed']}"
    machine = "(k::INTEGER BETWEEN 840000 AND 859999 OR k::INTEGER BETWEEN 900000 AND 909999)"
    return f"""CASE
        WHEN ({bit('d', 'embargo')} AND {code['surveillance']}) OR ({bit('d', 'sanctioned')} AND {machine}) THEN 4
        WHEN ({leaves} AND NOT ({bit('d', 'general')}))
            OR ({bit('d', 'lawless')} AND {code['surveillance']})
            OR ({bit('d', 'war')} AND k::INTEGER BETWEEN 852500 AND 852699)
            OR ({bit('d', 'unfree_since')} AND {code['interception']} AND v::DOUBLE >= 10) THEN 3
        WHEN ({bit('d', 'voiceless')} AND k::INTEGER IN (847130, 847141, 847150) AND v::DOUBLE >= 1000)
            OR ({bit('d', 'unfree_before')} AND {code['computer']} AND v::DOUBLE >= 250) THEN 2
        WHEN {leaves} THEN 1
        ELSE 0 END"""


def main(source, target, places_path, codes_path, threads, variant):
    text = variant == "text"
    columns = {name: "VARCHAR" if text else kind for name, kind in TYPED.items()}
    nothing = "" if text else "nullstr = 'NA',"
    start = time.perf_counter()
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    places(connection, places_path)
    code = codes(connection, codes_path, "'" if text else "")
    connection.execute(f"""
        COPY (
            SELECT t, i, j, k, v, q,
                CASE level WHEN 4 THEN 'prohibited' WHEN 3 THEN 'licence_required' WHEN 2 THEN 'notify'
                    WHEN 1 THEN 'general_authorisation' ELSE 'not_required' END AS requirement_at_least,
                CASE WHEN level < 3 THEN NULL WHEN {bit('d', 'denial')} THEN 'presumption_of_denial'
                    ELSE 'case_by_case' END AS review_at_least
            FROM (
                SELECT *, {level(code)} AS level
                FROM (
                    SELECT r.*, {place('i')} AS e, {place('j')} AS d
                    FROM read_csv('{source}', header = true, delim = ',', auto_detect = false, quote = '',
                        escape = '', {nothing} columns = {columns}) AS r
                )
            )
        ) TO '{target}' (FORMAT csv, HEADER true, NULLSTR '')""")
    print(f"seconds={time.perf_counter() - start:.6f}")


main(*sys.argv[1:])
