CREATE TABLE IF NOT EXISTS contents
(
    sha256  String CODEC(ZSTD(1)),
    content String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY sha256
SETTINGS fsync_after_insert = 1,
         fsync_part_directory = 1,
         min_rows_to_fsync_after_merge = 1,
         min_compressed_bytes_to_fsync_after_merge = 1,
         min_free_disk_bytes_to_perform_insert = 33554432,
         index_granularity = 128
