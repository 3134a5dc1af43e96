"""Measure a run on Spark and gate it once.

python on_spark.py RUN LAST_STEP WINDOW [flags of gate], or the same with spark-submit.
"""

import shards
from pyspark.sql import SparkSession
from shards import arguments, gate, measure, windows

run, last, size, flags = arguments()
spark = SparkSession.builder.appName("collapse").getOrCreate()
spark.sparkContext.addPyFile(shards.__file__)
tasks = list(windows(last, size))
records = (
    spark.sparkContext.parallelize(tasks, len(tasks))
    .mapPartitions(lambda part: (measure(run, steps) for steps in part))
    .collect()
)
spark.stop()
raise SystemExit(gate(records, *flags))
