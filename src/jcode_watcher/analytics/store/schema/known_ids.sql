CREATE TABLE IF NOT EXISTS known_ids
(
    id     String CODEC(ZSTD(1)),
    commit UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
ORDER BY id
SETTINGS fsync_after_insert = 1,
         fsync_part_directory = 1,
         min_rows_to_fsync_after_merge = 1,
         min_compressed_bytes_to_fsync_after_merge = 1,
         index_granularity = 512,
         min_compress_block_size = 8192,
         max_compress_block_size = 16384
