-- Up to where the log of a builder was copied: what comes after it is read when the build is taken up again.
alter table step_log add column source_nanos bigint;
