CREATE TABLE IF NOT EXISTS contents
(
    sha256  String CODEC(ZSTD(1)),
    base64  String EPHEMERAL,
    content String DEFAULT base64Decode(base64) CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY sha256
SETTINGS fsync_after_insert = 1,
         fsync_part_directory = 1,
         min_rows_to_fsync_after_merge = 1,
         min_compressed_bytes_to_fsync_after_merge = 1,
         index_granularity = 128
