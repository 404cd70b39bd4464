CREATE TABLE IF NOT EXISTS events
(
    course     LowCardinality(String),
    section    LowCardinality(String),
    student    String CODEC(ZSTD(1)),
    time       Int64 CODEC(DoubleDelta, ZSTD(1)),
    agent      LowCardinality(String),
    seq        UInt64 CODEC(Delta, ZSTD(1)),
    id         String CODEC(ZSTD(1)),
    assignment LowCardinality(String),
    node       LowCardinality(String),
    kind       LowCardinality(String),
    activity   LowCardinality(String),
    outcome    LowCardinality(String),
    path       String CODEC(ZSTD(1)),
    sha256     String CODEC(ZSTD(1)),
    commit     UInt64 CODEC(Delta, ZSTD(1)),
    envelope   String CODEC(ZSTD(1)),
    moment     DateTime64(6, 'UTC') ALIAS fromUnixTimestamp64Nano(time, 'UTC'),
    INDEX by_commit commit TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PRIMARY KEY (course, section, student, time)
ORDER BY (course, section, student, time, agent, seq, id)
SETTINGS fsync_after_insert = 1,
         fsync_part_directory = 1,
         min_rows_to_fsync_after_merge = 1,
         min_compressed_bytes_to_fsync_after_merge = 1
