"""The same records and blocking keys in Splink 5, for `bench/linkage.py`.

    python bench/splink_peer.py KEYED.parquet PAIRS.parquet        (needs splink 5, DuckDB)

Reads records whose names are normalised and keys hashed already, estimates the Fellegi-Sunter
model, predicts, writes pairs with a probability of 0.01 and up. Prints CPU seconds and peak memory
as JSON; normalising is left out.
"""

import json
import resource
import sys

import duckdb
import splink
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def name(column: str) -> object:
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            cll.ExactMatchLevel(column, term_frequency_adjustments=True),
            cll.ExactMatchLevel(f"{column}_sound"),
            cll.JaroWinklerLevel(column, 0.92),
            cll.JaroWinklerLevel(column, 0.8),
            cll.ElseLevel(),
        ],
    )


def main(source: str, out: str) -> None:
    birth = cl.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            cll.NullLevel("year"),
            cll.ExactMatchLevel("birth"),
            cll.CustomLevel('"birth_l" is null or "birth_r" is null and "year_l" = "year_r"'),
            cll.DamerauLevenshteinLevel("birth", 1),
            cll.ExactMatchLevel("year"),
            cll.ElseLevel(),
        ],
    )
    national = cl.CustomComparison(
        output_column_name="national",
        comparison_levels=[
            cll.NullLevel("national"),
            cll.ExactMatchLevel("national"),
            cll.DamerauLevenshteinLevel("national", 1),
            cll.ElseLevel(),
        ],
    )
    connection = duckdb.connect()
    blocking = [
        column
        for column, *_ in connection.execute(f"describe from '{source}'").fetchall()
        if column.startswith("block")
    ]
    connection.execute("set threads = 2")
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row",
        comparisons=[
            name("first"), name("last"), name("father"), birth, national,
            cl.ExactMatch("foreign_code"), cl.ExactMatch("sex"), cl.ExactMatch("postal"),
            cl.ExactMatch("mobile"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on(key) for key in blocking
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )  # fmt: skip
    connection.execute(f"create table records as from '{source}'")
    linker = Linker(api.register("records"), settings)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("national"), block_on("first", "last", "birth")], recall=0.9
    )
    train.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for keys in (("national",), ("mobile", "first"), ("last", "father", "year")):
        train.estimate_parameters_using_expectation_maximisation(block_on(*keys))
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    connection.execute(
        f"copy (select row_l, row_r, match_probability from {pairs.physical_name})"
        f" to '{out}' (format parquet)"
    )


if __name__ == "__main__":
    start = resource.getrusage(resource.RUSAGE_SELF)
    main(sys.argv[1], sys.argv[2])
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - start.ru_utime - start.ru_stime
    print(json.dumps({"cpu": cpu, "memory": used.ru_maxrss // 1024,
                      "version": splink.__version__}))  # fmt: skip
