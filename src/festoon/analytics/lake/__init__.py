"""Every event by the day it happened, as Parquet files that are only ever added."""
