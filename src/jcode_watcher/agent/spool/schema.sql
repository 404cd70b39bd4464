-- Events that wait for delivery, oldest first.
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    agent TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    time_ns INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    json BLOB NOT NULL
);

-- What the last kept event says of each source file: whatever differs at the next start happened unseen.
CREATE TABLE IF NOT EXISTS files (
    root BLOB NOT NULL,
    path BLOB NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (root, path)
) WITHOUT ROWID;

-- The starts of the agent on this node. Everything that happened before alive_ns was kept.
CREATE TABLE IF NOT EXISTS starts (
    agent TEXT PRIMARY KEY,
    started_ns INTEGER NOT NULL,
    alive_ns INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
);

-- The rings of the kernel that outlive the agent and are not done with, oldest first: the position up to which their
-- records are kept; and of all but the latest where the next one goes on (CLOCK_BOOTTIME). A few at most.
CREATE TABLE IF NOT EXISTS rings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    ring TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    attaching_ns INTEGER,
    attached_ns INTEGER,
    settled_ns INTEGER
);

-- What has been told of the losses that are counted beside each ring. Bounded; what was told longest ago goes first.
CREATE TABLE IF NOT EXISTS ring_losses (
    ring TEXT NOT NULL,
    counter TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (ring, counter)
);

-- Events that the snapshot tree lacks, by their position above; empty where no tree is written.
CREATE TABLE IF NOT EXISTS due (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    student TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS due_of_student ON due (student, position);

-- Such events that were delivered before the tree had them. Bounded; for what has no room the tree goes without.
CREATE TABLE IF NOT EXISTS held (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    json BLOB NOT NULL
);
-- Whose they are stands in them; the view must say it in the words of the index, for that to be used.
CREATE INDEX IF NOT EXISTS held_of_student
ON held (COALESCE(json_extract(CAST(json AS TEXT), '$.subject.student'), ''), position);
CREATE VIEW IF NOT EXISTS held_named AS
SELECT position, id, COALESCE(json_extract(CAST(json AS TEXT), '$.subject.student'), '') AS student
FROM held;

-- Events that the service will never take, with its reason. Bounded; the oldest go first.
CREATE TABLE IF NOT EXISTS quarantine (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    refused_ns INTEGER NOT NULL,
    reason TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    json BLOB NOT NULL
);
